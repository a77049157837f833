package org.llmfactory.dataplane.stream;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.dataplane.frame.Direction;
import org.llmfactory.dataplane.frame.Handshake;
import org.llmfactory.dataplane.frame.StreamId;
import org.llmfactory.dataplane.frame.StreamKey;

/** Opens streams to other agents. */
final class StreamOpener implements DataPlane {
    static final int MAXIMUM_REQUEST = 48 * 1024;

    private static final Duration LONGEST = Duration.ofHours(1);

    private final AgentAddress self;
    private final ControlPlane controlPlane;
    private final StreamTable table;
    private final StreamFactory factory;
    private final Supplier<StreamLimits> limits;
    private final SealedStream.Owner owner;
    private final SecureRandom random = new SecureRandom();

    StreamOpener(
            AgentAddress self,
            ControlPlane controlPlane,
            StreamTable table,
            StreamFactory factory,
            Supplier<StreamLimits> limits,
            SealedStream.Owner owner) {
        this.self = self;
        this.controlPlane = controlPlane;
        this.table = table;
        this.factory = factory;
        this.limits = limits;
        this.owner = owner;
    }

    @Override
    public AgentStream open(
            AgentAddress to, String service, Lane lane, byte[] request, StreamListener listener, Duration deadline)
            throws InterruptedException {
        if (lane == Lane.CONTROL || request.length > MAXIMUM_REQUEST) {
            throw new IllegalArgumentException(
                    "A stream takes the lane LIVE or DATA, and a request of at most " + MAXIMUM_REQUEST + " bytes");
        }
        if (!self.mayReach(to)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, "The agent " + self + " may not reach " + to + ", of another tenant.");
        }
        StreamLimits bounds = limits.get();
        table.reserve(to, bounds);
        StreamKey key = new StreamKey(StreamId.random(random), Direction.FROM_ACCEPTOR);
        Opening opening = new Opening(to);
        table.add(key, opening);
        try {
            byte[] own = new byte[Handshake.RANDOM];
            random.nextBytes(own);
            OpenArguments arguments =
                    new OpenArguments(service, lane, key.stream().bytes(), own, bounds.window(), request);
            OpenResult result = ask(to, arguments, deadline);
            SealedStream stream = create(to, key, arguments, result, bounds);
            // In this order: what came early may end the stream, which then leaves the table.
            table.replace(key, opening, stream);
            opening.become(stream);
            stream.listen(listener);
            return stream;
        } catch (RuntimeException | InterruptedException e) {
            table.remove(key, opening);
            table.release(to);
            throw e;
        }
    }

    private OpenResult ask(AgentAddress to, OpenArguments arguments, Duration deadline) throws InterruptedException {
        Duration within = deadline.compareTo(LONGEST) > 0 ? LONGEST : deadline;
        CompletableFuture<OpenResult> answer =
                controlPlane.call(to, OpenAction.NAME, arguments, OpenResult.class, within);
        try {
            return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw reason(e);
        } catch (TimeoutException e) {
            throw new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED, "The agent " + to + " did not take the stream in time.", e);
        }
    }

    private SealedStream create(
            AgentAddress to, StreamKey key, OpenArguments arguments, OpenResult result, StreamLimits bounds) {
        if (result.random().length != Handshake.RANDOM
                || result.window() < StreamLimits.SMALLEST_WINDOW
                || result.window() > StreamLimits.LARGEST_WINDOW) {
            throw new FactoryException(
                    ErrorCode.INTERNAL, "The agent " + to + " answered the request for a stream with nonsense.");
        }
        Handshake handshake = new Handshake(
                key.stream(), self, to, arguments.service(), arguments.lane(), arguments.random(), result.random());
        return factory.create(handshake, key.direction(), to, arguments.lane(), result.window(), bounds, owner);
    }

    /** What to throw for what a call came to. */
    static FactoryException reason(ExecutionException e) {
        return e.getCause() instanceof FactoryException failure
                ? failure
                : new FactoryException(ErrorCode.INTERNAL, "The stream could not be opened.", e.getCause());
    }
}
