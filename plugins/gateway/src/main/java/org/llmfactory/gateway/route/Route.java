package org.llmfactory.gateway.route;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The way a sequence took.
 *
 * @param agent the address of the agent whose engine it is, {@code local} for one that belongs to no network
 * @param reason why this engine
 * @param tried engines that it was given to, this one included
 * @param begun whether the engine has begun to answer; until then another may still take its place
 */
public record Route(String agent, String reason, int tried, boolean begun) {
    /** Name of the header that tells it. */
    public static final String HEADER = "x-llmfactory-route";

    public Route {
        Objects.requireNonNull(agent, "agent");
        Objects.requireNonNull(reason, "reason");
    }

    /** The header's value for the sequences of a request: of each agent the first. */
    public static String header(List<Route> routes) {
        Map<String, Route> byAgent = new LinkedHashMap<>();
        routes.forEach(route -> byAgent.putIfAbsent(route.agent(), route));
        return byAgent.values().stream().map(Route::text).collect(Collectors.joining(", "));
    }

    private String text() {
        return "agent=" + agent + "; reason=\"" + reason + "\"; tried=" + tried + (begun ? "" : "; pending");
    }
}
