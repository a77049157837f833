package org.llmfactory.executor.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.executor.process.Exit;
import org.llmfactory.executor.process.ProcessTable;
import org.llmfactory.executor.process.RunningProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process and its stream. Whoever is slow holds up the other: a process that does not read holds up the opener, an opener
 * that does not read holds up the process. When one is gone, the other is ended.
 */
final class ProcessSession implements StreamListener {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSession.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** How long the last output of a process that has ended waits for an opener who does not read. */
    private static final Duration LAST_OUTPUT = Duration.ofMinutes(1);

    private final AgentStream stream;
    private final RunningProcess running;
    private final ProcessTable.Place place;
    private final CountDownLatch outputs = new CountDownLatch(2);

    ProcessSession(AgentStream stream, RunningProcess running, ProcessTable.Place place) {
        this.stream = stream;
        this.running = running;
        this.place = place;
    }

    void start(Executor threads) {
        place.setState("running");
        threads.execute(() -> carry(running.output(), ProcessFrame.OUTPUT));
        threads.execute(() -> carry(running.errors(), ProcessFrame.ERRORS));
        threads.execute(this::awaitEnd);
    }

    private void awaitEnd() {
        Exit exit = new Exit(-1, "The agent ends.");
        try {
            exit = running.await(place.command().limit(), this::look);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } finally {
            place.end(exit);
        }
        tell(exit);
    }

    /** A stream that has failed is noticed even while a message waits for the process to read. */
    private void look() {
        try {
            stream.awaitWritable(Duration.ofMillis(1));
        } catch (FactoryException gone) {
            running.stop("Its stream has ended: " + gone.getMessage());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry(InputStream from, ProcessFrame kind) {
        byte[] buffer = new byte[ProcessFrame.CONTENT];
        try {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                send(kind.with(buffer, read));
            }
        } catch (IOException gone) {
            LOG.debug("The output of a process has broken off", gone);
        } catch (FactoryException gone) {
            running.stop("Its stream has ended: " + gone.getMessage());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } finally {
            outputs.countDown();
        }
    }

    private void send(byte[] message) throws InterruptedException {
        while (!stream.awaitWritable(LOOK)) {
            LOG.trace("The opener of {} does not read", stream.id());
        }
        stream.send(message);
    }

    private void tell(Exit exit) {
        try {
            if (!outputs.await(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS)) {
                stream.cancel("The process has ended, and its output was not read.");
                return;
            }
            byte[] told = ExitText.of(exit).getBytes(StandardCharsets.UTF_8);
            send(ProcessFrame.EXIT.with(told, told.length));
            stream.finish();
        } catch (FactoryException gone) {
            LOG.debug("Nobody hears how a process has ended", gone);
        } catch (InterruptedException ending) {
            stream.cancel("The agent ends.");
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onMessage(byte[] message) {
        if (!ProcessFrame.INPUT.is(message)) {
            stream.cancel("This end takes input only.");
            running.stop("It was sent something that is no input.");
            return;
        }
        try {
            running.input().write(message, 1, message.length - 1);
            running.input().flush();
        } catch (IOException closed) {
            LOG.debug("A process takes no more input", closed);
        }
    }

    @Override
    public void onEnd() {
        try {
            running.input().close();
        } catch (IOException closed) {
            LOG.debug("A process has closed its input before", closed);
        }
    }

    @Override
    public void onFailure(FactoryException reason) {
        running.stop("Its stream has ended: " + reason.getMessage());
    }
}
