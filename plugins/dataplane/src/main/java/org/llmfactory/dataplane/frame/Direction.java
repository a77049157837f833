package org.llmfactory.dataplane.frame;

import org.jspecify.annotations.Nullable;

/** Which way a frame goes. */
public enum Direction {
    FROM_OPENER((byte) 0),
    FROM_ACCEPTOR((byte) 1);

    private final byte code;

    Direction(byte code) {
        this.code = code;
    }

    byte code() {
        return code;
    }

    static @Nullable Direction of(byte code) {
        return switch (code) {
            case 0 -> FROM_OPENER;
            case 1 -> FROM_ACCEPTOR;
            default -> null;
        };
    }

    public Direction opposite() {
        return this == FROM_OPENER ? FROM_ACCEPTOR : FROM_OPENER;
    }
}
