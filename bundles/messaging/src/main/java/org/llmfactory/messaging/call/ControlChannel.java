package org.llmfactory.messaging.call;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.envelope.Envelopes;
import org.llmfactory.messaging.envelope.Message;
import org.llmfactory.messaging.envelope.Received;
import org.llmfactory.messaging.envelope.RefusedException;
import org.llmfactory.messaging.envelope.SealingKey;
import org.llmfactory.messaging.envelope.SealingKeys;
import org.llmfactory.messaging.link.Link;

/** Messages over the link: makes them, signs and seals them, and opens what comes. */
final class ControlChannel {
    private final Link link;
    private final Envelopes envelopes;
    private final SealingKeys keys;
    private final Clock clock;
    private final RefusalLog refusals = new RefusalLog();

    ControlChannel(Link link, Envelopes envelopes, SealingKeys keys, Clock clock) {
        this.link = link;
        this.envelopes = envelopes;
        this.keys = keys;
        this.clock = clock;
    }

    /** Takes messages; may refuse an answer. */
    interface Receiver {
        void receive(Received received) throws RefusedException;
    }

    /**
     * Hears what comes.
     *
     * @param rejected hears of messages that are refused though their sender is known for certain, with the reason
     */
    Link.Registration receive(Receiver receiver, Consumer<RefusedException> rejected) {
        return link.receive(Lane.CONTROL, frame -> {
            try {
                receiver.receive(envelopes.open(frame));
            } catch (RefusedException e) {
                refusals.refused(e);
                if (e.received().isPresent()) {
                    rejected.accept(e);
                }
            }
        });
    }

    /** Sends a call; answers to it can be sealed to this agent's current key. */
    void call(PendingCall call, SealingKey key) {
        Message message = message(
                Message.Kind.CALL,
                call.id(),
                call.to(),
                call.expires(),
                call.action(),
                Optional.of(keys.current()),
                call.body());
        send(message, envelopes.seal(message, key));
    }

    /** Answers a call, or a key request that is refused. */
    void answer(Received question, Answer answer, SealingKey key) {
        Message.Kind kind = answer.failed() ? Message.Kind.FAILURE : Message.Kind.RESULT;
        Message message = message(
                kind,
                question.message().call(),
                question.sender(),
                useful(question),
                "",
                Optional.empty(),
                answer.body());
        send(message, envelopes.seal(message, key));
    }

    void askForKey(AgentAddress peer, UUID nonce, Instant expires) {
        Message message =
                message(Message.Kind.KEY_REQUEST, nonce, peer, expires, "", Optional.of(keys.current()), new byte[0]);
        send(message, envelopes.sign(message));
    }

    void tellKey(Received request) {
        Message message = message(
                Message.Kind.KEY,
                request.message().call(),
                request.sender(),
                useful(request),
                "",
                Optional.of(keys.current()),
                new byte[0]);
        send(message, envelopes.sign(message));
    }

    /** How long an answer is of use: as the question says, but it may come from a clock that lags. */
    private Instant useful(Received question) {
        Instant soonest = clock.instant().plus(Envelopes.TOLERANCE);
        Instant expires = question.message().expires();
        return expires.isBefore(soonest) ? soonest : expires;
    }

    private Message message(
            Message.Kind kind,
            UUID call,
            AgentAddress to,
            Instant expires,
            String action,
            Optional<SealingKey> key,
            byte[] body) {
        return new Message(kind, UUID.randomUUID(), call, to, clock.instant(), expires, action, key, body);
    }

    private void send(Message message, byte[] frame) {
        Duration timeToLive = Duration.between(clock.instant(), message.expires());
        if (timeToLive.isNegative() || timeToLive.isZero()) {
            return;
        }
        try {
            link.send(Lane.CONTROL, message.to(), frame, timeToLive);
        } catch (InterruptedException e) {
            // Only the end of the control plane interrupts its threads.
            Thread.currentThread().interrupt();
        }
    }
}
