package org.llmfactory.dataplane.frame;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;

/** Opens the frames of the direction that this end hears. What does not open changes nothing. Safe for several threads. */
public final class Unsealer {
    /** More keys than this ahead of what was heard last are no loss but a forgery, and would cost time to make. */
    private static final int AHEAD = 4;

    private Epoch current;
    private @Nullable Epoch former;

    public Unsealer(Handshake handshake, Direction direction) {
        this.current = new Epoch(0, handshake.secret(direction));
    }

    /** The content of a frame; null when it was not sealed by the other end. */
    public synchronized byte @Nullable [] open(FrameHeader header, byte[] frame) {
        int clear = clearLength(header, frame);
        int ahead = header.epoch() - current.number();
        if (clear > frame.length || ahead < -1 || ahead > AHEAD) {
            return null;
        }
        if (ahead == 0) {
            return Gcm.open(current.key(), header.nonce(), frame, clear);
        }
        if (ahead < 0) {
            Epoch before = former;
            return before == null ? null : Gcm.open(before.key(), header.nonce(), frame, clear);
        }
        return openAhead(header, frame, clear);
    }

    private byte @Nullable [] openAhead(FrameHeader header, byte[] frame, int clear) {
        Epoch before = current;
        Epoch epoch = current.next();
        while (epoch.number() != header.epoch()) {
            before = epoch;
            epoch = epoch.next();
        }
        byte[] content = Gcm.open(epoch.key(), header.nonce(), frame, clear);
        if (content != null) {
            former = before;
            current = epoch;
        }
        return content;
    }

    /** Who says to have sent a ping. Nothing vouches for it where the stream is not known. */
    public static Optional<AgentAddress> asker(byte[] ping) {
        int length = ping.length > FrameHeader.LENGTH ? ping[FrameHeader.LENGTH] & 0xff : 0;
        if (length == 0 || FrameHeader.LENGTH + 1 + length > ping.length) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    AgentAddress.parse(new String(ping, FrameHeader.LENGTH + 1, length, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int clearLength(FrameHeader header, byte[] frame) {
        if (header.type() != FrameType.PING || frame.length <= FrameHeader.LENGTH) {
            return FrameHeader.LENGTH;
        }
        return FrameHeader.LENGTH + 1 + (frame[FrameHeader.LENGTH] & 0xff);
    }
}
