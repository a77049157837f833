package org.llmfactory.gateway.http;

import java.util.List;
import java.util.Map;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.gateway.route.Route;

/** Tells whoever operates the platform which engine answered and why; to others it is not there. */
public final class RouteHeader {
    private RouteHeader() {}

    /** To be asked when the answer's headers are sent: what the sequences have been through by then is told. */
    public static Map<String, String> of(Caller caller, ResolvedModel model) {
        if (!AccessPolicy.allows(caller, Action.OPERATE_PLATFORM, Resource.organization())) {
            return Map.of();
        }
        List<Route> routes = model.routing().routes().get();
        return routes.isEmpty() ? Map.of() : Map.of(Route.HEADER, Route.header(routes));
    }
}
