package org.llmfactory.bench.network;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.StreamListener;

/** Hears what a measured stream brings, until its end. */
final class Arrival implements StreamListener {
    private final Consumer<byte[]> messages;
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    Arrival(Consumer<byte[]> messages) {
        this.messages = messages;
    }

    @Override
    public void onMessage(byte[] message) {
        messages.accept(message);
    }

    @Override
    public void onEnd() {
        end.complete(true);
    }

    @Override
    public void onFailure(FactoryException reason) {
        end.completeExceptionally(reason);
    }

    /** Waits for the end of the stream; throws what it failed with. */
    void awaitEnd(Duration deadline) throws InterruptedException {
        await(end, deadline);
    }

    /** What a call gave; throws what it failed with. */
    static <T> T await(CompletableFuture<T> future, Duration deadline) throws InterruptedException {
        try {
            return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "The measurement was not done within " + deadline.toSeconds() + " seconds.",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FactoryException reason) {
                throw reason;
            }
            throw new IllegalStateException("The measurement failed in no way that is known", e);
        }
    }
}
