package org.llmfactory.dataplane.stream;

import java.util.concurrent.atomic.LongAdder;

/** Counts what streams do, since the agent's start. Safe for several threads. */
public final class StreamMeters {
    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder framesResent = new LongAdder();
    private final LongAdder framesRefused = new LongAdder();

    void opened() {
        opened.increment();
    }

    void closed() {
        closed.increment();
    }

    void sent(int bytes) {
        bytesSent.add(bytes);
    }

    void received(int bytes) {
        bytesReceived.add(bytes);
    }

    void resent() {
        framesResent.increment();
    }

    void refused() {
        framesRefused.increment();
    }

    /** Streams that are open now, both those opened here and those taken here. */
    public long open() {
        return opened.sum() - closed.sum();
    }

    public long openedSoFar() {
        return opened.sum();
    }

    /** Bytes of messages handed in here. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    /** Bytes of messages that have arrived here. */
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    public long framesResent() {
        return framesResent.sum();
    }

    /** Frames that did not open, came twice, or belong to no stream. */
    public long framesRefused() {
        return framesRefused.sum();
    }
}
