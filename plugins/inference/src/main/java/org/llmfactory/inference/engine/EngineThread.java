package org.llmfactory.inference.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmfactory.api.agent.Drainable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that calls an engine's steps, from its start to its end. */
public final class EngineThread implements Drainable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EngineThread.class);
    /** How often waiting requests are asked whether they are cancelled or late while nothing is computed. */
    private static final Duration POLL = Duration.ofMillis(20);

    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration LONGEST_STEP = Duration.ofMinutes(2);

    private final Engine engine;
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Starts an engine. */
    public EngineThread(Engine engine) {
        this.engine = engine;
        thread = new Thread(this::run, "engine-" + engine.model().id());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        return engine.gate().drain(deadline);
    }

    @Override
    public void resume() {
        engine.gate().resume();
    }

    private void run() {
        try {
            while (!engine.gate().isClosed()) {
                if (!engine.step()) {
                    engine.wakeup().await(engine.gate().inside() > 0 ? POLL : IDLE);
                }
            }
        } catch (InterruptedException e) {
            log.warn("The engine of {} was interrupted", engine.model().id());
            engine.gate().close();
        } catch (Throwable e) { // the thread ends here: whoever waits must be told, and no one else let in
            log.error("The engine of {} ended by an error", engine.model().id(), e);
            engine.gate().breakDown();
        }
        engine.failAll(engine.gate().refusal());
    }

    /** Waits for the step that is being computed, fails the requests that are left, and frees all memory.
     * Closing twice is harmless. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        engine.gate().close();
        engine.wakeup().signal();
        try {
            thread.join(LONGEST_STEP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.error(
                    "A step of {} does not end; its memory is not freed",
                    engine.model().id());
        } else {
            engine.free();
        }
    }
}
