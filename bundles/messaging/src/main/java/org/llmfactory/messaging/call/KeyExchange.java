package org.llmfactory.messaging.call;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.envelope.Message;
import org.llmfactory.messaging.envelope.Received;
import org.llmfactory.messaging.envelope.RefusedException;
import org.llmfactory.messaging.envelope.SealingKey;

/**
 * Other agents' sealing keys: asked for with a nonce, taken from signed answers to it, or from a call's own signed word, and
 * kept until they end. One question to an agent at a time.
 */
final class KeyExchange {
    private static final int MAXIMUM = 20_000;
    private static final Duration LONGEST = Duration.ofHours(3);

    private final Clock clock;
    private final Map<AgentAddress, SealingKey> keys = new ConcurrentHashMap<>();
    private final Map<AgentAddress, Question> questions = new ConcurrentHashMap<>();

    private record Question(UUID nonce, CompletableFuture<SealingKey> answer) {}

    /** Sends a key request. */
    interface Asking {
        void ask(AgentAddress peer, UUID nonce);
    }

    KeyExchange(Clock clock) {
        this.clock = clock;
    }

    /** The key that is known now. */
    Optional<SealingKey> known(AgentAddress peer) {
        return Optional.ofNullable(keys.get(peer)).filter(key -> key.until().isAfter(clock.instant()));
    }

    /** Asks for the key, once more when a question is open already, since that may have been lost. */
    CompletableFuture<SealingKey> ask(AgentAddress peer, Asking asking) {
        Question question =
                questions.computeIfAbsent(peer, agent -> new Question(UUID.randomUUID(), new CompletableFuture<>()));
        asking.ask(peer, question.nonce());
        return question.answer();
    }

    /** Takes the answer to a question. */
    void answer(Received received) throws RefusedException {
        AgentAddress peer = received.sender();
        Message message = received.message();
        Question question = questions.get(peer);
        if (question == null
                || !question.nonce().equals(message.call())
                || message.key().isEmpty()) {
            throw RefusedException.unsolicited("A key of " + peer + " was not asked for");
        }
        questions.remove(peer, question);
        SealingKey key = message.key().get();
        keys.remove(peer);
        learn(peer, key);
        question.answer().complete(key);
    }

    /**
     * Takes the reason why a question is not answered.
     *
     * @return whether it is one to an open question
     */
    boolean refused(Received received, FactoryException reason) {
        Question question = questions.get(received.sender());
        if (question == null || !question.nonce().equals(received.message().call())) {
            return false;
        }
        questions.remove(received.sender(), question);
        question.answer().completeExceptionally(reason);
        return true;
    }

    /** Takes a key that its agent has said on its own account, in a message whose signature and time were checked. */
    void learn(AgentAddress peer, SealingKey key) {
        Instant latest = clock.instant().plus(LONGEST);
        if (keys.size() < MAXIMUM && key.until().isBefore(latest)) {
            keys.merge(peer, key, (old, newer) -> newer.until().isBefore(old.until()) ? old : newer);
        }
    }

    /**
     * Forgets keys that have ended, and questions that nobody waits for any more.
     *
     * @param awaited the agents that calls are open to
     */
    void tidy(Set<AgentAddress> awaited) {
        Instant now = clock.instant();
        keys.values().removeIf(key -> !key.until().isAfter(now));
        questions.keySet().retainAll(awaited);
    }
}
