package org.llmfactory.rest;

import java.util.concurrent.TimeUnit;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.container.ContainerResponseFilter;
import javax.ws.rs.ext.Provider;
import org.llmfactory.api.identity.Caller;

/** Says whose request it was and how long it took until the answer began. */
@Provider
final class ResponseHeaders implements ContainerResponseFilter {
    /** There is one organization on a platform. */
    private static final String ORGANIZATION = "org-llmfactory";

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(RequestAttributes.STARTED) instanceof Long started) {
            long milliseconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            response.getHeaders().putSingle("openai-processing-ms", Long.toString(milliseconds));
        }
        if (request.getProperty(Caller.ATTRIBUTE) instanceof Caller caller) {
            response.getHeaders().putSingle("openai-organization", ORGANIZATION);
            response.getHeaders().putSingle("openai-project", caller.project());
        }
    }
}
