package org.llmfactory.messaging.envelope;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.Link;

/**
 * Makes frames of messages and messages of frames. Whatever bytes arrive, {@link #open} gives a message that a member of the
 * network has signed for this agent, now and once, or throws {@link RefusedException}. Safe for several threads.
 *
 * <p>A frame: {@code 'L' 'F'}, version, form; then the signed message itself (form 1: key requests and keys), or the id of
 * the sealing key, the encapsulated key and the ciphertext of the signed message (form 2: all else).
 */
public final class Envelopes {
    /** How much two clocks may differ. */
    public static final Duration TOLERANCE = Duration.ofMinutes(2);

    /** How long a message may be of use. */
    public static final Duration MAXIMUM_LIFE = Duration.ofHours(1);

    private static final int VERSION = 1;
    private static final int PLAIN = 1;
    private static final int SEALED = 2;

    private final NetworkIdentity identity;
    private final SealingKeys keys;
    private final ReplayGuard replays;
    private final Clock clock;
    private final Signing signing;

    public Envelopes(NetworkIdentity identity, SealingKeys keys, ReplayGuard replays, Clock clock) {
        this.identity = identity;
        this.keys = keys;
        this.replays = replays;
        this.clock = clock;
        this.signing = new Signing(identity);
    }

    /** Signs a message of a kind that is not sealed. */
    public byte[] sign(Message message) {
        if (message.kind().sealed()) {
            throw new IllegalArgumentException("A " + message.kind() + " is sealed");
        }
        return new BinaryWriter()
                .exactly(start(PLAIN))
                .exactly(signing.sign(message))
                .bytes();
    }

    /** Signs a message and seals it. */
    public byte[] seal(Message message, SealingKey key) {
        if (!message.kind().sealed()) {
            throw new IllegalArgumentException("A " + message.kind() + " is not sealed");
        }
        byte[] start = new BinaryWriter().exactly(start(SEALED)).id(key.id()).bytes();
        byte[] content = signing.sign(message);
        return new BinaryWriter()
                .exactly(start)
                .exactly(Sealing.seal(key, header(start, message.to()), content))
                .bytes();
    }

    /** Reads a frame. Whether an answer was asked for is the caller's to check. */
    public Received open(byte[] frame) throws RefusedException {
        if (frame.length > Link.MAXIMUM_FRAME) {
            throw BoundedReader.malformed();
        }
        BoundedReader in = new BoundedReader(frame);
        if (in.oneByte() != 'L' || in.oneByte() != 'F') {
            throw BoundedReader.malformed();
        }
        if (in.oneByte() != VERSION) {
            throw new RefusedException(
                    Refusal.UNKNOWN_VERSION, "The message is of another version of the protocol; update this agent");
        }
        boolean sealed = switch (in.oneByte()) {
            case PLAIN -> false;
            case SEALED -> true;
            default -> throw BoundedReader.malformed();
        };
        Received received = signing.verify(sealed ? unseal(in) : in.rest());
        check(received, sealed);
        return received;
    }

    private byte[] unseal(BoundedReader in) throws RefusedException {
        UUID id = in.id();
        AsymmetricCipherKeyPair pair = keys.find(id)
                .orElseThrow(() -> new RefusedException(
                        Refusal.UNKNOWN_KEY, "The message is sealed to a key that this agent has no more"));
        byte[] start = new BinaryWriter().exactly(start(SEALED)).id(id).bytes();
        return Sealing.open(pair, header(start, identity.self()), in.rest());
    }

    private void check(Received received, boolean sealed) throws RefusedException {
        Message message = received.message();
        AgentAddress sender = received.sender();
        if (message.kind().sealed() != sealed) {
            throw BoundedReader.malformed();
        }
        if (!message.to().equals(identity.self())) {
            throw new RefusedException(Refusal.OTHER_RECEIVER, "The message of " + sender + " is for " + message.to());
        }
        if (!sender.mayReach(identity.self())) {
            throw new RefusedException(Refusal.OUT_OF_REACH, sender + " may not reach " + identity.self());
        }
        if (message.kind() == Message.Kind.CALL || message.kind() == Message.Kind.KEY_REQUEST) {
            checkTime(received);
        }
        if (message.kind() == Message.Kind.CALL) {
            replays.take(sender, message.id(), message.expires().plus(TOLERANCE));
        }
    }

    private void checkTime(Received received) throws RefusedException {
        Message message = received.message();
        Instant now = clock.instant();
        if (message.issued().isAfter(now.plus(TOLERANCE))) {
            throw RefusedException.of(
                    received,
                    Refusal.CLOCK_SKEW,
                    "The clock of " + received.sender() + " is "
                            + Duration.between(now, message.issued()).toSeconds() + " s ahead of that of "
                            + identity.self() + "; set the clocks right");
        }
        if (message.expires().isAfter(message.issued().plus(MAXIMUM_LIFE))
                || message.expires().isBefore(message.issued())) {
            throw RefusedException.of(received, Refusal.MALFORMED, "A message is of use for an hour at most");
        }
        if (message.expires().plus(TOLERANCE).isBefore(now)) {
            throw RefusedException.of(
                    received,
                    Refusal.EXPIRED,
                    "The time of a message of " + received.sender() + " has passed "
                            + Duration.between(message.expires(), now).toSeconds() + " s ago by the clock of "
                            + identity.self() + "; if it was sent just now, set the clocks right");
        }
    }

    private static byte[] start(int form) {
        return new byte[] {'L', 'F', VERSION, (byte) form};
    }

    /** What a seal is bound to beside its key. */
    private static byte[] header(byte[] start, AgentAddress to) {
        return new BinaryWriter().exactly(start).text(to.toString()).bytes();
    }
}
