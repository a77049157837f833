package org.llmfactory.agent.logs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.rest.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends lines to one reader, from a thread of its own. Lines wait for him up to a bound; those that come while he is that
 * far behind are left out, and he is told how many in their place.
 */
final class LogReader implements StreamListener, Consumer<LogLine>, Runnable {
    /** Lines that wait for a slow reader. */
    static final int AHEAD = 500;

    private static final Logger log = LoggerFactory.getLogger(LogReader.class);
    private static final Duration STEP = Duration.ofSeconds(1);

    private final AgentStream stream;
    private final LogRequest request;
    private final LogRing ring;
    private final Deque<Object> waiting = new ArrayDeque<>();
    private List<LogLine> last = List.of();
    private int lines;
    private long leftOut;
    private boolean closed;

    LogReader(AgentStream stream, LogRequest request, LogRing ring) {
        this.stream = stream;
        this.request = request;
        this.ring = ring;
    }

    /** From here on, no line is missed. */
    void attend() {
        last = request.follow() ? ring.follow(request, this) : ring.last(request);
    }

    /** Nothing is to be sent after all. */
    void leave() {
        ring.leave(this);
    }

    /** A new line; called with the ring's lock held. */
    @Override
    public void accept(LogLine line) {
        if (request.wants(line)) {
            synchronized (waiting) {
                if (lines == AHEAD) {
                    leftOut++;
                    return;
                }
                tellGap();
                waiting.addLast(line.wire());
                lines++;
                waiting.notifyAll();
            }
        }
    }

    private void tellGap() {
        if (leftOut > 0) {
            waiting.addLast(new LogLine.Gap(leftOut));
            leftOut = 0;
        }
    }

    /** Sends until the reader has gone, or has what he asked for. */
    @Override
    public void run() {
        try {
            boolean wanted = true;
            for (LogLine line : last) {
                wanted = wanted && send(line.wire());
            }
            while (wanted && request.follow()) {
                Optional<Object> next = next();
                wanted = next.isPresent() && send(next.get());
            }
            if (wanted) {
                stream.finish();
            }
        } catch (FactoryException gone) {
            log.debug("The reader of the log at {} has gone", stream.peer(), gone);
        } catch (InterruptedException stopping) {
            stream.cancel("The agent stops.");
        } finally {
            leave();
        }
    }

    /** Sends, when the reader takes it; false when he has gone instead. */
    private boolean send(Object line) throws InterruptedException {
        while (!isClosed()) {
            if (stream.awaitWritable(STEP)) {
                stream.send(Json.write(line));
                return true;
            }
        }
        return false;
    }

    private Optional<Object> next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty() && !closed) {
                // What was left out last is told once the reader has caught up.
                tellGap();
                if (waiting.isEmpty()) {
                    waiting.wait();
                }
            }
            Object next = waiting.pollFirst();
            if (next instanceof LogLine.Wire) {
                lines--;
            }
            return closed ? Optional.empty() : Optional.ofNullable(next);
        }
    }

    private boolean isClosed() {
        synchronized (waiting) {
            return closed;
        }
    }

    private void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
    }

    @Override
    public void onMessage(byte[] message) {
        log.debug("A reader of the log has nothing to say");
    }

    @Override
    public void onEnd() {
        log.debug("A reader of the log has nothing more to say");
    }

    @Override
    public void onFailure(FactoryException reason) {
        close();
    }
}
