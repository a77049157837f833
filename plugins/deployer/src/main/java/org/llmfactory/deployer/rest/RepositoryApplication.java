package org.llmfactory.deployer.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.deployer.reconcile.Deployer;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The plugin repository, under {@code /admin/repository}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/repository")
@JaxrsName("repository")
public final class RepositoryApplication extends FactoryApplication {
    @Activate
    public RepositoryApplication(@Reference Deployer deployer) {
        super(new RepositoryResource(deployer.repository()));
    }
}
