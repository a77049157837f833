package org.llmfactory.bench.network;

import java.time.Duration;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.link.Link;

/** Takes frames from the bare link and acknowledges them, each stream for itself. One thread calls it, the link's. */
final class BareReceiver implements AutoCloseable {
    /** Frames of the largest size that a stream acknowledges at once: a quarter of its window. */
    private static final int ACKNOWLEDGE = 4;

    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);

    private final Link link;
    private final AgentAddress from;
    private final int frames;
    private final int every;
    private final int[] received;
    private final Meter meter = new Meter();
    private final Link.Registration registration;

    /**
     * Begins to hear.
     *
     * @param frames that will come on each stream
     * @param window frames that the sender has under way on a stream at most
     */
    BareReceiver(Link link, AgentAddress from, int streams, int frames, int window) {
        this.link = link;
        this.from = from;
        this.frames = frames;
        this.every = Math.max(1, Math.min(ACKNOWLEDGE, window / 2));
        this.received = new int[streams];
        this.registration = link.receive(Lane.DATA, frame -> BareFrame.of(frame).ifPresent(this::receive));
    }

    private void receive(BareFrame frame) {
        if (frame.stream() == BareFrame.HELLO) {
            acknowledge(frame);
        } else if (frame.stream() >= 0 && frame.stream() < received.length) {
            meter.arrived();
            int count = ++received[frame.stream()];
            if (count % every == 0 || count == frames) {
                acknowledge(new BareFrame(frame.stream(), count));
            }
        }
    }

    private void acknowledge(BareFrame acknowledgement) {
        try {
            link.send(Lane.DATA, from, acknowledgement.encoded(0), TIME_TO_LIVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What has come.
     *
     * @param size bytes of a frame that count
     */
    Throughput throughput(int size) {
        return meter.throughput(size);
    }

    @Override
    public void close() {
        registration.close();
    }
}
