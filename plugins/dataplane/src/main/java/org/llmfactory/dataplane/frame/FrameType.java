package org.llmfactory.dataplane.frame;

import org.jspecify.annotations.Nullable;

/** What a frame is for. Reliable frames are numbered in one row and sent again until they arrive; signals in another. */
public enum FrameType {
    /** A message. */
    DATA(1, true),
    /** The last of a direction. */
    END(2, true),
    /** What has arrived, and how much more may come. See {@link Acknowledgement}. */
    ACKNOWLEDGE(3, false),
    /** Asks for an acknowledgement; says in clear whom to tell that there is no such stream. */
    PING(4, false),
    /** Ends both directions, with a reason. */
    CANCEL(5, false),
    /** Everything has arrived in both directions, or the stream was cancelled: the other end may forget it. */
    CLOSED(6, false),
    /** Not sealed: there is no such stream here. Never believed without asking over the control plane. */
    UNKNOWN(7, false);

    private static final FrameType[] TYPES = values();

    private final byte code;
    private final boolean reliable;

    FrameType(int code, boolean reliable) {
        this.code = (byte) code;
        this.reliable = reliable;
    }

    byte code() {
        return code;
    }

    public boolean isReliable() {
        return reliable;
    }

    static @Nullable FrameType of(byte code) {
        return code >= 1 && code <= TYPES.length ? TYPES[code - 1] : null;
    }
}
