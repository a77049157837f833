package org.llmfactory.rest;

import javax.annotation.Priority;
import javax.ws.rs.Priorities;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.PreMatching;
import javax.ws.rs.ext.Provider;
import org.llmfactory.api.identity.Caller;

/**
 * Lets nobody through whom the servlet filter has not authenticated: while that filter is not there yet, or no longer,
 * everything is refused.
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION)
final class CallerGate implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        if (!(request.getProperty(Caller.ATTRIBUTE) instanceof Caller caller)) {
            throw Callers.unauthenticated();
        }
        boolean secure = "https".equals(request.getUriInfo().getRequestUri().getScheme());
        String address = request.getProperty(RequestAttributes.ADDRESS) instanceof String known ? known : "";
        request.setSecurityContext(Callers.securityContext(caller, address, secure));
    }
}
