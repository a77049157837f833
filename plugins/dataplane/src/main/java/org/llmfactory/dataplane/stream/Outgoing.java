package org.llmfactory.dataplane.stream;

import org.jspecify.annotations.Nullable;

/** A sealed reliable frame on its way. Guarded by its {@link Outbound}. */
final class Outgoing {
    final long number;
    final int cost;
    private byte @Nullable [] frame;
    /** Which of the stream's transmissions was its last. */
    private long transmission;

    private int transmissions;
    private boolean lost;

    Outgoing(long number, int cost, byte[] frame) {
        this.number = number;
        this.cost = cost;
        this.frame = frame;
    }

    /** The frame, to be sent now; null when it has arrived meanwhile. */
    byte @Nullable [] transmit(long index) {
        transmission = index;
        transmissions++;
        lost = false;
        return frame;
    }

    void arrived() {
        frame = null;
    }

    boolean hasArrived() {
        return frame == null;
    }

    /** Whether it was sent before a transmission that is known to have arrived, and is not waiting to be sent again. */
    boolean isLost(long evidence) {
        return frame != null && !lost && transmission < evidence;
    }

    void markLost() {
        lost = true;
    }

    boolean isRepeated() {
        return transmissions > 1;
    }

    long transmission() {
        return transmission;
    }
}
