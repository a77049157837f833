package org.llmfactory.inference.remote.node;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.inference.remote.wire.Event;
import org.llmfactory.inference.remote.wire.EventWriter;

/**
 * What an engine says on its way to a stream. The engine's thread leaves an event and goes on; another thread sends what
 * has come, which is several events in one message only where they have come meanwhile.
 */
final class Outbox {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final AgentStream stream;
    private final Executor threads;
    private final Runnable onEnd;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final EventWriter writer;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param threads where sending may wait for the other end
     * @param onEnd called once, when the end has been sent, or nothing can be sent any more
     */
    Outbox(AgentStream stream, Executor threads, Runnable onEnd) {
        this.stream = stream;
        this.threads = threads;
        this.onEnd = onEnd;
        this.writer = new EventWriter(this::send);
    }

    /** Leaves an event to be sent. */
    void add(Event event) {
        events.add(event);
        if (waiting.getAndIncrement() == 0) {
            try {
                threads.execute(this::drain);
            } catch (RejectedExecutionException stopped) {
                close();
            }
        }
    }

    /** Whether nothing can be sent any more. */
    boolean isClosed() {
        return closed.get();
    }

    /** Sends nothing any more. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            onEnd.run();
        }
    }

    private void drain() {
        int sent;
        do {
            sent = 0;
            for (Event event = events.poll(); event != null; event = events.poll()) {
                sent++;
                deliver(event);
            }
            flush();
        } while (waiting.addAndGet(-sent) > 0);
    }

    private void deliver(Event event) {
        if (isClosed()) {
            return;
        }
        try {
            writer.write(event);
            if (event.isEnd()) {
                writer.flush();
                stream.finish();
                close();
            }
        } catch (RuntimeException lost) {
            close();
        }
    }

    private void flush() {
        try {
            if (!isClosed()) {
                writer.flush();
            }
        } catch (RuntimeException lost) {
            close();
        }
    }

    private void send(byte[] message) {
        try {
            if (!stream.awaitWritable(PATIENCE)) {
                stream.cancel("The controller takes no more tokens.");
                throw new FactoryException(ErrorCode.DEADLINE_EXCEEDED, "The controller takes no more tokens.");
            }
            stream.send(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FactoryException(ErrorCode.INTERNAL, "The node is being stopped.", e);
        }
    }
}
