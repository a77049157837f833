package org.llmfactory.agent.logs;

import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;

/** The stream service {@value LogRequest#SERVICE}: lets controllers read what this agent logs. */
@Component(service = StreamService.class, immediate = true)
public final class LogStreams implements StreamService {
    private static final int READERS = 8;
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration STOPPING = Duration.ofSeconds(1);

    private final LogRing ring = new LogRing(LogRequest.MOST_LINES);
    private final LogListener listener = entry -> ring.add(LogLine.of(entry));
    private final ExecutorService readers =
            new ThreadPoolExecutor(0, READERS, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "llmfactory-log-reader");
                thread.setDaemon(true);
                return thread;
            });

    @Activate
    public LogStreams() {}

    @Deactivate
    void stop() {
        readers.shutdownNow();
        try {
            readers.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindLog(LogReaderService log) {
        // What was logged before this bundle was there; newest first.
        Enumeration<LogEntry> before = log.getLog();
        List<LogEntry> oldestFirst = Collections.list(before);
        Collections.reverse(oldestFirst);
        oldestFirst.forEach(entry -> ring.add(LogLine.of(entry)));
        log.addLogListener(listener);
    }

    void unbindLog(LogReaderService log) {
        log.removeLogListener(listener);
    }

    @Override
    public String name() {
        return LogRequest.SERVICE;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        LogReader reader = new LogReader(stream, LogRequest.read(request), ring);
        reader.attend();
        try {
            readers.execute(reader);
        } catch (RejectedExecutionException full) {
            reader.leave();
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED, RETRY, "The agent's log has " + READERS + " readers already.");
        }
        return reader;
    }
}
