package org.llmfactory.dataplane.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.dataplane.frame.FrameHeader;

/**
 * A stream that the other end has not answered for yet. Its first frames may be here before that answer, which takes
 * another lane; they are kept.
 */
final class Opening implements Route {
    /** So much is kept; what comes beyond is lost, and sent again. */
    private static final int MAXIMUM_BYTES = 256 * 1024;

    private final AgentAddress peer;
    private final List<Early> early = new ArrayList<>();
    private int bytes;
    private @Nullable SealedStream stream;

    Opening(AgentAddress peer) {
        this.peer = peer;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Early(FrameHeader header, byte[] frame) {}

    @Override
    public AgentAddress peer() {
        return peer;
    }

    @Override
    public synchronized void onFrame(FrameHeader header, byte[] frame) {
        SealedStream opened = stream;
        if (opened != null) {
            opened.onFrame(header, frame);
        } else if (bytes + frame.length <= MAXIMUM_BYTES) {
            bytes += frame.length;
            early.add(new Early(header, frame));
        }
    }

    @Override
    public void tick(long now) {
        // Whoever opens it waits until his own deadline.
    }

    /** The stream is open: it gets what has come, and all that comes. */
    synchronized void become(SealedStream opened) {
        early.forEach(frame -> opened.onFrame(frame.header(), frame.frame()));
        early.clear();
        stream = opened;
    }
}
