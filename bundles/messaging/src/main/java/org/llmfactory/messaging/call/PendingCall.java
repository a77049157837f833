package org.llmfactory.messaging.call;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.llmfactory.api.network.AgentAddress;

/** A call of this agent that is not answered yet. It keeps its id when it is sent again. */
final class PendingCall {
    private final UUID id = UUID.randomUUID();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final AgentAddress to;
    private final String action;
    private final byte[] body;
    private final Instant expires;
    private final long deadlineNanos;

    PendingCall(AgentAddress to, String action, byte[] body, Instant expires, Duration deadline) {
        this.to = to;
        this.action = action;
        this.body = body;
        this.expires = expires;
        this.deadlineNanos = System.nanoTime() + deadline.toNanos();
    }

    UUID id() {
        return id;
    }

    AgentAddress to() {
        return to;
    }

    String action() {
        return action;
    }

    byte[] body() {
        return body;
    }

    Instant expires() {
        return expires;
    }

    /** How long an answer is of use yet; not positive when it is no more. */
    Duration remaining() {
        return Duration.ofNanos(deadlineNanos - System.nanoTime());
    }

    /** Completed with the answer, or with a {@code FactoryException} when there is none. */
    CompletableFuture<Answer> answer() {
        return answer;
    }

    /** Does something on the thread that ends the call, at once when it has ended. */
    void onEnd(Runnable work) {
        CompletableFuture<Answer> unused = answer.whenComplete((result, failure) -> work.run());
    }
}
