package org.llmfactory.fleet.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.ServerSentEvents;

/**
 * Hands the lines of an agent to whoever reads them over HTTP. A reader who is slow holds up the stream, and by that only
 * his own stream; the agent leaves lines out for him and says how many.
 */
final class LogEvents implements StreamListener {
    private static final int AHEAD = 64;
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(100);

    private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(AHEAD);
    private volatile boolean ended;
    private volatile boolean readerHasGone;
    private volatile @Nullable FactoryException failure;

    @Override
    public void onMessage(byte[] message) {
        try {
            boolean taken = false;
            // The reader may be slow, and may go meanwhile.
            while (!taken && !readerHasGone) {
                taken = lines.offer(message, STEP.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onEnd() {
        ended = true;
    }

    @Override
    public void onFailure(FactoryException reason) {
        failure = reason;
        ended = true;
    }

    /** Writes all lines until the agent has no more. */
    void writeTo(ServerSentEvents events) throws IOException {
        try {
            long written = System.nanoTime();
            while (true) {
                // Asked before the queue: what came before the end is in the queue when the end is seen.
                boolean last = ended;
                byte[] line = lines.poll(STEP.toMillis(), TimeUnit.MILLISECONDS);
                if (line != null) {
                    events.data(json(line));
                    written = System.nanoTime();
                } else if (last) {
                    break;
                } else if (System.nanoTime() - written > KEEP_ALIVE.toNanos()) {
                    events.keepAlive();
                    written = System.nanoTime();
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new FactoryException(ErrorCode.UNAVAILABLE, "This controller is stopping.", stopping);
        } finally {
            readerHasGone = true;
        }
        FactoryException reason = failure;
        if (reason != null) {
            throw reason;
        }
    }

    private static JsonNode json(byte[] line) throws IOException {
        return Json.MAPPER.readTree(line);
    }
}
