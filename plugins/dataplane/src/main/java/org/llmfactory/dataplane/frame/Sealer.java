package org.llmfactory.dataplane.frame;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.llmfactory.api.network.AgentAddress;

/**
 * Seals the frames of the direction that this end sends, and takes a new key from time to time. Safe for several threads;
 * each row of numbers is its caller's to keep.
 *
 * <p>A new key is only taken when all reliable frames under the keys before the present one have arrived. So the other end
 * needs no more than the present key and the one before.
 */
public final class Sealer {
    private static final byte[] NOTHING = {};

    private final StreamId stream;
    private final Direction direction;
    private final long framesOfKey;
    private final long nanosOfKey;
    private Epoch epoch;
    private long sealed;
    private long since = System.nanoTime();
    private long nextReliable;
    private long firstReliableOfEpoch;
    private long arrived;

    /**
     * Seals what goes this way.
     *
     * @param framesOfKey after which a new key is taken
     * @param ageOfKey after which a new key is taken
     */
    public Sealer(Handshake handshake, Direction direction, long framesOfKey, Duration ageOfKey) {
        this.stream = handshake.stream();
        this.direction = direction;
        this.framesOfKey = framesOfKey;
        this.nanosOfKey = ageOfKey.toNanos();
        this.epoch = new Epoch(0, handshake.secret(direction));
    }

    /** A frame. No number is used twice in its row. */
    public byte[] seal(FrameType type, long number, byte[] content) {
        return seal(type, number, NOTHING, content);
    }

    /** A ping, which says in clear who asks. */
    public byte[] ping(long number, AgentAddress self) {
        byte[] address = self.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] clear = new byte[address.length + 1];
        clear[0] = (byte) address.length;
        System.arraycopy(address, 0, clear, 1, address.length);
        return seal(FrameType.PING, number, clear, NOTHING);
    }

    /** All reliable frames below this number have arrived. */
    public synchronized void arrived(long next) {
        arrived = Math.max(arrived, next);
    }

    private byte[] seal(FrameType type, long number, byte[] clear, byte[] content) {
        Epoch current = epochFor(type, number);
        FrameHeader header = new FrameHeader(type, direction, stream, current.number(), number);
        int length = FrameHeader.LENGTH + clear.length;
        byte[] frame = new byte[length + content.length + Gcm.TAG];
        header.write(frame);
        System.arraycopy(clear, 0, frame, FrameHeader.LENGTH, clear.length);
        Gcm.seal(current.key(), header.nonce(), frame, length, content);
        return frame;
    }

    private synchronized Epoch epochFor(FrameType type, long number) {
        boolean due = sealed >= framesOfKey || System.nanoTime() - since >= nanosOfKey;
        if (due && arrived >= firstReliableOfEpoch) {
            epoch = epoch.next();
            sealed = 0;
            since = System.nanoTime();
            firstReliableOfEpoch = nextReliable;
        }
        sealed++;
        if (type.isReliable()) {
            nextReliable = number + 1;
        }
        return epoch;
    }
}
