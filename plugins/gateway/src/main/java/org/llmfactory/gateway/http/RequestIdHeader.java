package org.llmfactory.gateway.http;

import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.ext.Provider;
import org.llmfactory.rest.RequestAttributes;

/** Shows resources the id that the request was given, in place of whatever the client sent under that name. */
@Provider
public final class RequestIdHeader implements ContainerRequestFilter {
    /** Name of the header. */
    public static final String NAME = "x-request-id";

    @Override
    public void filter(ContainerRequestContext request) {
        request.getHeaders().remove(NAME);
        if (request.getProperty(RequestAttributes.REQUEST_ID) instanceof String id) {
            request.getHeaders().putSingle(NAME, id);
        }
    }
}
