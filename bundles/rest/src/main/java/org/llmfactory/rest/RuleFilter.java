package org.llmfactory.rest;

import javax.annotation.Priority;
import javax.ws.rs.Priorities;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.ResourceInfo;
import javax.ws.rs.core.Context;
import javax.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;

/** Asks the access policy before an endpoint is reached, by the endpoint's {@link Requires}. */
@Provider
@Priority(Priorities.AUTHORIZATION)
final class RuleFilter implements ContainerRequestFilter {
    /** Set by the container; tells of the request at hand. */
    @Context
    private @Nullable ResourceInfo matched;

    @Override
    public void filter(ContainerRequestContext request) {
        if (matched == null || matched.getResourceMethod() == null) {
            throw new IllegalStateException("the container does not say which method was matched");
        }
        Requires requires = matched.getResourceMethod().getAnnotation(Requires.class);
        if (requires == null) {
            throw new IllegalStateException("no rule for " + matched.getResourceMethod());
        }
        check(Callers.of(request.getSecurityContext()), requires.value(), request);
    }

    private static void check(Caller caller, Action action, ContainerRequestContext request) {
        String named = request.getUriInfo().getPathParameters().getFirst("project");
        AccessPolicy.checkAny(caller, action, named == null ? caller.project() : named);
    }
}
