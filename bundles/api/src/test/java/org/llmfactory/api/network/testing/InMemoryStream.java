package org.llmfactory.api.network.testing;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;

/** One end of a stream in memory. */
final class InMemoryStream implements AgentStream {
    private static final int WINDOW = 1 << 20;

    private final String id = UUID.randomUUID().toString();
    private final AgentAddress peer;
    private final ExecutorService deliveries = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "in-memory stream");
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore credit = new Semaphore(WINDOW);
    private @Nullable InMemoryStream other;
    private volatile @Nullable StreamListener listener;
    private volatile boolean finished;
    private volatile boolean ended;

    InMemoryStream(AgentAddress peer) {
        this.peer = peer;
    }

    void connect(InMemoryStream there) {
        other = there;
    }

    void listen(StreamListener heard) {
        listener = heard;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public AgentAddress peer() {
        return peer;
    }

    @Override
    public void send(byte[] message) {
        if (finished || ended) {
            throw new FactoryException(ErrorCode.CONFLICT, "The stream has ended.");
        }
        if (message.length > MAXIMUM_MESSAGE) {
            throw new IllegalArgumentException("A message has at most " + MAXIMUM_MESSAGE + " bytes");
        }
        InMemoryStream there = Objects.requireNonNull(other);
        boolean counted = credit.tryAcquire(message.length);
        there.deliver(heard -> {
            heard.onMessage(message);
            if (counted) {
                credit.release(message.length);
            }
        });
    }

    @Override
    public boolean awaitWritable(Duration deadline) throws InterruptedException {
        if (ended) {
            throw new FactoryException(ErrorCode.CONFLICT, "The stream has ended.");
        }
        boolean free = credit.tryAcquire(MAXIMUM_MESSAGE, deadline.toMillis(), TimeUnit.MILLISECONDS);
        if (free) {
            credit.release(MAXIMUM_MESSAGE);
        }
        return free;
    }

    @Override
    public void finish() {
        if (!finished) {
            finished = true;
            Objects.requireNonNull(other).deliver(StreamListener::onEnd);
        }
    }

    @Override
    public void cancel(String reason) {
        if (!ended) {
            ended = true;
            Objects.requireNonNull(other).fail(new FactoryException(ErrorCode.CONFLICT, reason));
        }
    }

    /** As when the other end has vanished. */
    void lose() {
        fail(new FactoryException(ErrorCode.DEADLINE_EXCEEDED, "The agent " + peer + " is gone."));
    }

    private void fail(FactoryException reason) {
        deliver(heard -> {
            ended = true;
            heard.onFailure(reason);
        });
    }

    private void deliver(Consumer<StreamListener> delivery) {
        deliveries.execute(() -> {
            StreamListener heard = listener;
            if (!ended && heard != null) {
                delivery.accept(heard);
            }
        });
    }

    void close() {
        deliveries.shutdownNow();
    }
}
