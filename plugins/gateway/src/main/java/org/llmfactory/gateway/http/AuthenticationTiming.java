package org.llmfactory.gateway.http;

import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.container.ContainerResponseFilter;
import javax.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.RequestAttributes;

/** Puts the time it took to find out who is calling in front of what {@code Server-Timing} says of the other checks. */
@Provider
public final class AuthenticationTiming implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(RequestAttributes.AUTHENTICATION_NANOS) instanceof Long nanos) {
            @Nullable String others = response.getHeaderString(ServerTiming.HEADER);
            String own = ServerTiming.entry("auth", nanos / 1e6);
            response.getHeaders().putSingle(ServerTiming.HEADER, others == null ? own : own + ", " + others);
        }
    }
}
