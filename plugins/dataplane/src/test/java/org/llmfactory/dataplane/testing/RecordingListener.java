package org.llmfactory.dataplane.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.StreamListener;

/** Keeps what it hears. */
public class RecordingListener implements StreamListener {
    private static final long DEADLINE_SECONDS = 30;

    public final List<byte[]> messages = new CopyOnWriteArrayList<>();
    public final AtomicInteger failures = new AtomicInteger();
    public final AtomicLong bytes = new AtomicLong();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final CompletableFuture<FactoryException> failed = new CompletableFuture<>();

    @Override
    public void onMessage(byte[] message) {
        messages.add(message);
        bytes.addAndGet(message.length);
    }

    @Override
    public void onEnd() {
        ended.complete(true);
    }

    @Override
    public void onFailure(FactoryException reason) {
        failures.incrementAndGet();
        failed.complete(reason);
        ended.completeExceptionally(reason);
    }

    public List<String> texts() {
        return messages.stream()
                .map(message -> new String(message, StandardCharsets.UTF_8))
                .toList();
    }

    /** Waits for the other end to finish. */
    public RecordingListener awaitEnd() throws Exception {
        ended.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    public FactoryException awaitFailure() throws Exception {
        return failed.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    public boolean hasEnded() {
        return ended.isDone();
    }
}
