package org.llmfactory.dataplane.stream;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.dataplane.frame.Direction;
import org.llmfactory.dataplane.frame.Handshake;
import org.llmfactory.dataplane.frame.StreamId;
import org.llmfactory.dataplane.frame.StreamKey;

/** Takes the streams that other agents open. */
final class StreamAcceptor {
    /** A call that was repeated waits so long for what the first one comes to. */
    private static final long REPEATED_SECONDS = 30;

    private final AgentAddress self;
    private final StreamServices services;
    private final StreamTable table;
    private final StreamFactory factory;
    private final Supplier<StreamLimits> limits;
    private final SealedStream.Owner owner;
    private final SecureRandom random = new SecureRandom();
    private final Map<StreamKey, Acceptance> acceptances = new ConcurrentHashMap<>();

    StreamAcceptor(
            AgentAddress self,
            StreamServices services,
            StreamTable table,
            StreamFactory factory,
            Supplier<StreamLimits> limits,
            SealedStream.Owner owner) {
        this.self = self;
        this.services = services;
        this.table = table;
        this.factory = factory;
        this.limits = limits;
        this.owner = owner;
    }

    /** What was answered to whom, for as long as the stream is known. */
    private record Acceptance(AgentAddress caller, OpenArguments arguments, CompletableFuture<OpenResult> answer) {
        boolean answers(AgentAddress other, OpenArguments repeated) {
            return caller.equals(other) && MessageDigest.isEqual(arguments.random(), repeated.random());
        }
    }

    OpenResult accept(AgentAddress caller, OpenArguments arguments) throws InterruptedException {
        StreamService service = permitted(caller, arguments);
        StreamKey key = new StreamKey(StreamId.of(arguments.stream()), Direction.FROM_OPENER);
        Acceptance mine = new Acceptance(caller, arguments, new CompletableFuture<>());
        Acceptance former = acceptances.putIfAbsent(key, mine);
        if (former != null) {
            return repeat(former, caller, arguments);
        }
        try {
            OpenResult result = take(service, key, caller, arguments);
            mine.answer().complete(result);
            return result;
        } catch (RuntimeException e) {
            acceptances.remove(key, mine);
            mine.answer().completeExceptionally(e);
            throw e;
        }
    }

    /** The stream is not known any more. */
    void forget(StreamKey key) {
        acceptances.remove(key);
    }

    private StreamService permitted(AgentAddress caller, OpenArguments arguments) {
        boolean wellFormed = arguments.lane() != Lane.CONTROL
                && arguments.stream().length == StreamId.LENGTH
                && arguments.random().length == Handshake.RANDOM
                && arguments.window() >= StreamLimits.SMALLEST_WINDOW
                && arguments.window() <= StreamLimits.LARGEST_WINDOW
                && arguments.request().length <= StreamOpener.MAXIMUM_REQUEST;
        if (!wellFormed) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "The request for a stream is malformed.");
        }
        StreamService service =
                caller.mayReach(self) ? services.find(arguments.service()).orElse(null) : null;
        if (service == null) {
            throw new FactoryException(
                    ErrorCode.NOT_FOUND, "The agent " + self + " has no stream service '" + arguments.service() + "'.");
        }
        if (!service.callers().include(caller, self)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "The agent " + caller + " may not open streams to '" + service.name() + "' on " + self + ".");
        }
        return service;
    }

    private OpenResult take(StreamService service, StreamKey key, AgentAddress caller, OpenArguments arguments) {
        StreamLimits bounds = limits.get();
        byte[] own = new byte[Handshake.RANDOM];
        random.nextBytes(own);
        Handshake handshake = new Handshake(
                key.stream(), caller, self, arguments.service(), arguments.lane(), arguments.random(), own);
        table.reserve(caller, bounds);
        SealedStream stream =
                factory.create(handshake, key.direction(), caller, arguments.lane(), arguments.window(), bounds, owner);
        if (!table.add(key, stream)) {
            stream.abandon();
            throw new FactoryException(ErrorCode.CONFLICT, "There is such a stream already.");
        }
        try {
            StreamListener listener = service.accept(stream, arguments.request());
            stream.listen(listener);
            return new OpenResult(own, bounds.window());
        } catch (RuntimeException e) {
            stream.abandon();
            throw e;
        }
    }

    private OpenResult repeat(Acceptance former, AgentAddress caller, OpenArguments arguments)
            throws InterruptedException {
        if (!former.answers(caller, arguments)) {
            throw new FactoryException(ErrorCode.CONFLICT, "There is such a stream already.");
        }
        try {
            return former.answer().get(REPEATED_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw StreamOpener.reason(e);
        } catch (TimeoutException e) {
            throw new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED, "The stream service '" + arguments.service() + "' takes too long.", e);
        }
    }
}
