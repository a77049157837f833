package org.llmfactory.policies.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.policies.content.Classifiers;
import org.llmfactory.policies.content.PolicyStore;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The interface to content policies. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/content_policies")
@JaxrsName("content-policies")
public final class ContentPoliciesApplication extends FactoryApplication {
    @Activate
    public ContentPoliciesApplication(@Reference PolicyStore policies, @Reference Classifiers classifiers) {
        super(new ContentPoliciesResource(policies, classifiers));
    }
}
