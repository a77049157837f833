package org.llmfactory.dataplane.stream;

import java.time.Duration;
import java.util.Locale;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.link.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the frames of all streams on a lane, in turn, from a thread of its own: only that one waits for the link. */
final class LanePump implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LanePump.class);
    /** Bytes of one stream before the next one has its turn. */
    private static final int TURN = 128 * 1024;

    private final Lane lane;
    private final Link link;
    private final Duration timeToLive;
    private final ReadyQueue ready = new ReadyQueue();
    private final Thread thread;

    LanePump(Lane lane, Link link, Duration timeToLive) {
        this.lane = lane;
        this.link = link;
        this.timeToLive = timeToLive;
        this.thread =
                new Thread(this::run, "llmfactory-dataplane-" + lane.name().toLowerCase(Locale.ROOT));
        thread.setDaemon(true);
        thread.start();
    }

    /** A source has something to send. Never blocks. */
    void ready(FrameSource source) {
        if (source.queue()) {
            ready.add(source);
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                turn(ready.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn(FrameSource source) throws InterruptedException {
        source.unqueue();
        for (int sent = 0; sent < TURN; ) {
            byte[] frame = source.nextFrame();
            if (frame == null) {
                return;
            }
            send(source, frame);
            sent += frame.length;
        }
        if (source.queue()) {
            ready.addAgain(source);
        }
    }

    private void send(FrameSource source, byte[] frame) throws InterruptedException {
        try {
            link.send(lane, source.peer(), frame, timeToLive);
        } catch (RuntimeException e) {
            // As lost as any other: it is sent again, or its stream fails.
            log.debug("A frame could not be sent", e);
        }
    }

    /** Ends once what is ready has been sent, or at the deadline. */
    void drain(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (!ready.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
