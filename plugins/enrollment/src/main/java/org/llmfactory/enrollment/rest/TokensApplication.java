package org.llmfactory.enrollment.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.enrollment.Enrollment;
import org.llmfactory.enrollment.join.Tokens;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The tokens, under {@code /admin/network/tokens}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/network/tokens")
@JaxrsName("network-tokens")
public final class TokensApplication extends FactoryApplication {
    @Activate
    public TokensApplication(@Reference Tokens tokens, @Reference Enrollment enrollment) {
        super(new TokensResource(tokens, enrollment.clock()));
    }
}
