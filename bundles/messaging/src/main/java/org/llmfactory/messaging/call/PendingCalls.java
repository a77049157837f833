package org.llmfactory.messaging.call;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.envelope.Message;
import org.llmfactory.messaging.envelope.Received;
import org.llmfactory.messaging.envelope.RefusedException;

/** The calls of this agent that wait for their answers. Bounded. */
final class PendingCalls {
    private static final int MAXIMUM = 10_000;

    private final Map<UUID, PendingCall> calls = new ConcurrentHashMap<>();

    /** Adds a call, until it is answered or has failed. */
    void add(PendingCall call) {
        if (calls.size() >= MAXIMUM) {
            throw new FactoryException(
                    ErrorCode.OVERLOADED, "This agent waits for too many answers of other agents; try again later.");
        }
        calls.put(call.id(), call);
        call.onEnd(() -> calls.remove(call.id()));
    }

    /** The call that an answer belongs to: it must be from the agent that was called. */
    PendingCall answered(Received received) throws RefusedException {
        PendingCall call = calls.get(received.message().call());
        if (call == null || !call.to().equals(received.sender())) {
            throw RefusedException.unsolicited("An answer of " + received.sender() + " is not waited for");
        }
        return call;
    }

    static Answer answer(Message message) {
        return new Answer(message.kind() == Message.Kind.FAILURE, message.body());
    }

    /** The agents that calls are open to. */
    Set<AgentAddress> awaited() {
        return calls.values().stream().map(PendingCall::to).collect(Collectors.toSet());
    }

    void failAll(FactoryException reason) {
        calls.values().forEach(call -> call.answer().completeExceptionally(reason));
    }
}
