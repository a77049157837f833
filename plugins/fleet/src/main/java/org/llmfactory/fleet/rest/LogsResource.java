package org.llmfactory.fleet.rest;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.agent.logs.LogRequest;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.api.network.Lane;
import org.llmfactory.rest.ErrorBody;
import org.llmfactory.rest.Requires;
import org.llmfactory.rest.ServerSentEvents;

/** What an agent logs, as server-sent events: each is a line, or says how many were left out. */
@Path("/{tenant}/{name}/logs")
public final class LogsResource {
    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final int LINES = 100;
    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");

    private final Fleet fleet;
    private final Network network;

    LogsResource(Fleet fleet, Network network) {
        this.fleet = fleet;
        this.network = network;
    }

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public Response follow(
            @PathParam("tenant") String tenant,
            @PathParam("name") String name,
            @QueryParam("plugin") @Nullable String plugin,
            @QueryParam("level") @Nullable String level,
            @QueryParam("lines") @Nullable String lines,
            @QueryParam("follow") @Nullable String follow) {
        AgentAddress agent = Members.find(fleet, tenant, name).address();
        LogRequest request = new LogRequest(plugin, level(level), "true".equals(follow), lines(lines));
        LogEvents events = new LogEvents();
        AgentStream stream = open(agent, request, events);
        return ServerSentEvents.response(
                        out -> events.writeTo(out), () -> stream.cancel("The reader has gone."), ErrorBody::eventOf)
                .build();
    }

    private AgentStream open(AgentAddress agent, LogRequest request, LogEvents events) {
        try {
            return network.data().open(agent, LogRequest.SERVICE, Lane.DATA, request.write(), events, OPENING);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new FactoryException(ErrorCode.UNAVAILABLE, "This controller is stopping.", stopping);
        }
    }

    private static String level(@Nullable String level) {
        if (level == null || level.isEmpty()) {
            return "info";
        }
        String lower = level.toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(lower)) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "level",
                    "Invalid 'level': expected 'error', 'warn', 'info', 'debug' or 'trace'.");
        }
        return lower;
    }

    private static int lines(@Nullable String lines) {
        if (lines == null || lines.isEmpty()) {
            return LINES;
        }
        try {
            return Math.max(0, Math.min(LogRequest.MOST_LINES, Integer.parseInt(lines)));
        } catch (NumberFormatException noNumber) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE, "lines", "Invalid 'lines': expected a whole number.");
        }
    }
}
