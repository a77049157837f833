package org.llmfactory.executor.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;

/** Whoever opened a stream to a command. */
public final class Opener implements StreamListener {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;
    private static final int ERRORS = 2;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final CompletableFuture<String> exit = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile CountDownLatch open = new CountDownLatch(0);
    private @Nullable AgentStream stream;

    void stream(AgentStream opened) {
        stream = opened;
    }

    public AgentStream stream() {
        return Objects.requireNonNull(stream);
    }

    /** Reads nothing from now on. */
    public void pause() {
        open = new CountDownLatch(1);
    }

    /** Reads again. */
    public void resume() {
        open.countDown();
    }

    @Override
    public void onMessage(byte[] message) {
        try {
            if (!open.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("paused for too long");
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (this) {
            switch (message[0]) {
                case OUTPUT -> output.write(message, 1, message.length - 1);
                case ERRORS -> errors.write(message, 1, message.length - 1);
                default -> exit.complete(new String(message, 1, message.length - 1, StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void onEnd() {
        end.complete(null);
    }

    @Override
    public void onFailure(FactoryException reason) {
        exit.completeExceptionally(reason);
        end.completeExceptionally(reason);
    }

    /** Sends input, as much as the process takes. */
    public void send(byte[] input) throws InterruptedException {
        for (int from = 0; from < input.length; from += 30_000) {
            if (!stream().awaitWritable(DEADLINE)) {
                throw new IllegalStateException("the process does not read");
            }
            sendNow(Arrays.copyOfRange(input, from, Math.min(input.length, from + 30_000)));
        }
    }

    /** Sends input whether or not it is taken. */
    public void sendNow(byte[] input) {
        byte[] message = new byte[input.length + 1];
        message[0] = INPUT;
        System.arraycopy(input, 0, message, 1, input.length);
        stream().send(message);
    }

    public synchronized byte[] bytes() {
        return output.toByteArray();
    }

    public synchronized String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    public synchronized String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    /** Waits for the last message and the end after it. */
    public String exit() throws Exception {
        String told = exit.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        end.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        return told;
    }
}
