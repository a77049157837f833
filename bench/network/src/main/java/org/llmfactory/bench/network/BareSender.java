package org.llmfactory.bench.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.link.Link;

/**
 * Sends frames over the bare link, a thread for each stream, with no more of them under way than a window lets: what a broker
 * has no room for is lost, and nothing here sends it again.
 */
final class BareSender implements AutoCloseable {
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);
    private static final Duration STALL = Duration.ofSeconds(10);
    private static final Duration HELLO_PAUSE = Duration.ofMillis(50);

    private final Link link;
    private final AgentAddress to;
    private final int window;
    private final List<Semaphore> windows;
    private final int[] acknowledged;
    private final CountDownLatch heard = new CountDownLatch(1);
    private final Link.Registration registration;

    BareSender(Link link, AgentAddress to, int streams, int window) {
        this.link = link;
        this.to = to;
        this.window = window;
        this.windows = IntStream.range(0, streams)
                .mapToObj(stream -> new Semaphore(window))
                .toList();
        this.acknowledged = new int[streams];
        this.registration = link.receive(Lane.DATA, frame -> BareFrame.of(frame).ifPresent(this::acknowledged));
    }

    /** From the link's one thread. */
    private void acknowledged(BareFrame frame) {
        if (frame.stream() == BareFrame.HELLO) {
            heard.countDown();
        } else if (frame.stream() >= 0 && frame.stream() < acknowledged.length) {
            int more = frame.number() - acknowledged[frame.stream()];
            if (more > 0) {
                acknowledged[frame.stream()] = frame.number();
                windows.get(frame.stream()).release(more);
            }
        }
    }

    /**
     * Sends so many frames of that size on each stream, and waits until all have come.
     *
     * @throws FactoryException {@code DEADLINE_EXCEEDED} when the other end does not hear, or frames were lost
     */
    void send(int frames, int size) throws InterruptedException {
        greet();
        Executor threads = task -> {
            Thread thread = new Thread(task, "bench-bare");
            thread.setDaemon(true);
            thread.start();
        };
        List<CompletableFuture<Void>> streams = new ArrayList<>();
        for (int i = 0; i < windows.size(); i++) {
            int stream = i;
            streams.add(CompletableFuture.runAsync(() -> send(stream, frames, size), threads));
        }
        for (CompletableFuture<Void> stream : streams) {
            Arrival.await(stream, Duration.ofMinutes(4));
        }
    }

    private void greet() throws InterruptedException {
        long end = System.nanoTime() + STALL.toNanos();
        do {
            if (System.nanoTime() > end) {
                throw new FactoryException(ErrorCode.DEADLINE_EXCEEDED, to + " does not hear the bare link.");
            }
            link.send(Lane.DATA, to, new BareFrame(BareFrame.HELLO, 0).encoded(0), TIME_TO_LIVE);
        } while (!heard.await(HELLO_PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void send(int stream, int frames, int size) {
        try {
            for (int number = 0; number < frames; number++) {
                take(stream, 1);
                link.send(Lane.DATA, to, new BareFrame(stream, number).encoded(size), TIME_TO_LIVE);
            }
            take(stream, window);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(int stream, int permits) throws InterruptedException {
        if (!windows.get(stream).tryAcquire(permits, STALL.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "Nothing more was acknowledged on the bare link: frames were lost on the way.");
        }
    }

    @Override
    public void close() {
        registration.close();
    }
}
