package org.llmfactory.dataplane.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.dataplane.frame.FrameType;
import org.llmfactory.dataplane.frame.Sealer;

/**
 * The signals of one end: which ones are due, and their row of numbers. They are made when they are sent, so that they say
 * what holds then. Any thread may ask for one; one thread sends.
 */
final class Signals {
    private static final byte[] NOTHING = {};
    private static final int LONGEST_REASON = 1000;

    private final Sealer sealer;
    private final AgentAddress self;
    private final Outbound outbound;
    private final Inbound inbound;
    private final Set<FrameType> due = ConcurrentHashMap.newKeySet();
    private volatile byte[] reason = NOTHING;
    private volatile long echo = -1;
    private long number;

    Signals(Sealer sealer, AgentAddress self, Outbound outbound, Inbound inbound) {
        this.sealer = sealer;
        this.self = self;
        this.outbound = outbound;
        this.inbound = inbound;
    }

    void ask(FrameType signal) {
        due.add(signal);
    }

    /** The reason that the other end is told when a {@link FrameType#CANCEL} is sent. */
    void reason(FactoryException failure) {
        reason = write(failure);
    }

    /** A signal of the other end has arrived. */
    void heard(long signal) {
        echo = signal;
    }

    /** The highest number of a signal of the other end; -1 for none. */
    long lastHeard() {
        return echo;
    }

    /** The next one that is due; null for none. */
    byte @Nullable [] poll() {
        if (due.isEmpty()) {
            return null;
        }
        if (due.remove(FrameType.CANCEL)) {
            return sealer.seal(FrameType.CANCEL, next(), reason);
        }
        if (due.remove(FrameType.ACKNOWLEDGE)) {
            return sealer.seal(
                    FrameType.ACKNOWLEDGE, next(), inbound.acknowledge(echo).write());
        }
        if (due.remove(FrameType.CLOSED)) {
            return sealer.seal(FrameType.CLOSED, next(), NOTHING);
        }
        return due.remove(FrameType.PING) ? sealer.ping(next(), self) : null;
    }

    private long next() {
        outbound.signalled(number);
        return number++;
    }

    private static byte[] write(FactoryException failure) {
        String message = String.valueOf(failure.getMessage());
        byte[] text =
                message.substring(0, Math.min(message.length(), LONGEST_REASON)).getBytes(StandardCharsets.UTF_8);
        byte[] code = failure.code().name().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + code.length + text.length)
                .put((byte) code.length)
                .put(code)
                .put(text)
                .array();
    }

    /** The reason that the content of a {@link FrameType#CANCEL} says. */
    static FactoryException read(byte[] content) {
        int length = content.length == 0 ? 0 : content[0];
        if (length <= 0 || length >= content.length) {
            return new FactoryException(ErrorCode.CONFLICT, "The stream was cancelled.");
        }
        String code = new String(content, 1, length, StandardCharsets.US_ASCII);
        String text = new String(content, 1 + length, content.length - 1 - length, StandardCharsets.UTF_8);
        return new FactoryException(codeOf(code), text);
    }

    private static ErrorCode codeOf(String name) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        // The other end is newer.
        return ErrorCode.INTERNAL;
    }
}
