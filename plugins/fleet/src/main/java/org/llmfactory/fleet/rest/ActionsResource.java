package org.llmfactory.fleet.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.rest.Requires;

/** What agents can be asked for, and the asking. */
@Path("/{tenant}/{name}/actions")
@Produces(MediaType.APPLICATION_JSON)
public final class ActionsResource {
    /** The action with which an agent tells what it can be asked for. */
    static final String LIST = "agent.actions";

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration LONGEST_DEADLINE = Duration.ofMinutes(10);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");

    private final Fleet fleet;
    private final Network network;
    private final ActionAudit audit;

    ActionsResource(Fleet fleet, Network network, ActionAudit audit) {
        this.fleet = fleet;
        this.network = network;
        this.audit = audit;
    }

    /** The agent's own list of its actions, as it sends it. */
    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public byte[] list(@PathParam("tenant") String tenant, @PathParam("name") String name) {
        return call(Members.find(fleet, tenant, name).address(), LIST, "{}", DEADLINE);
    }

    /** Asks for an action; the body is its arguments, the answer its result. */
    @POST
    @Path("/{action}")
    @Requires(Action.OPERATE_PLATFORM)
    @Consumes(MediaType.APPLICATION_JSON)
    public byte[] call(
            @Context SecurityContext security,
            @PathParam("tenant") String tenant,
            @PathParam("name") String name,
            @PathParam("action") String action,
            @QueryParam("timeout_seconds") @Nullable String timeout,
            @Nullable ObjectNode arguments) {
        AgentAddress agent = Members.find(fleet, tenant, name).address();
        Duration deadline = deadline(timeout);
        if (!NAME.matcher(action).matches()) {
            throw new FactoryException(ErrorCode.NOT_FOUND, "The agent " + agent + " has no such action.");
        }
        audit.calling(security, agent, action);
        return call(agent, action, arguments == null ? "{}" : arguments.toString(), deadline);
    }

    private byte[] call(AgentAddress agent, String action, String arguments, Duration deadline) {
        CompletableFuture<String> answer = network.control().callJson(agent, action, arguments, deadline);
        try {
            return answer.get(deadline.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)
                    .getBytes(StandardCharsets.UTF_8);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof FactoryException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("an action failed in no way that is known", failed);
        } catch (TimeoutException late) {
            throw new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED, "The agent " + agent + " did not answer in time.", late);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new FactoryException(ErrorCode.UNAVAILABLE, "This controller is stopping.", stopping);
        }
    }

    private static Duration deadline(@Nullable String seconds) {
        if (seconds == null || seconds.isEmpty()) {
            return DEADLINE;
        }
        try {
            Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
            if (asked.compareTo(Duration.ZERO) > 0 && asked.compareTo(LONGEST_DEADLINE) <= 0) {
                return asked;
            }
        } catch (NumberFormatException | ArithmeticException noNumber) {
            throw wrongTimeout();
        }
        throw wrongTimeout();
    }

    private static FactoryException wrongTimeout() {
        return FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE,
                "timeout_seconds",
                "Invalid 'timeout_seconds': expected a whole number from 1 to " + LONGEST_DEADLINE.toSeconds() + ".");
    }
}
