package org.llmfactory.deployer.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.deployer.description.DescriptionSchema;
import org.llmfactory.deployer.reconcile.Deployer;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Deployments, under {@code /admin/deployments}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/deployments")
@JaxrsName("deployments")
public final class DeploymentsApplication extends FactoryApplication {
    @Activate
    public DeploymentsApplication(@Reference Deployer deployer) {
        this(deployer, new DescriptionSchema());
    }

    DeploymentsApplication(Deployer deployer, DescriptionSchema schema) {
        super(new DeploymentsResource(
                deployer.store(), deployer.worlds(), new Resolution(deployer.repository(), schema), schema));
    }
}
