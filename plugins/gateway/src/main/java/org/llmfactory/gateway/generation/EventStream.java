package org.llmfactory.gateway.generation;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.ws.rs.core.Response;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.ServerSentEvents;

/**
 * A generation as a stream of events: settles it before its last event is sent, keeps the connection alive, and gives the
 * generation up when the client is gone.
 */
public final class EventStream {
    /** How long the answer may be late before the status is sent without knowing whether there will be one. */
    private static final Duration FIRST_EVENT = Duration.ofSeconds(5);

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

    private final Generation generation;
    private final Writer writer;
    private final Function<FactoryException, Object> errorEvent;

    /** Turns deltas into events of some interface. */
    public interface Writer {
        /** Before the first delta. */
        void begin(ServerSentEvents events) throws IOException;

        void write(Delta delta, ServerSentEvents events) throws IOException;

        /** All is generated and settled; the last delta has not been written yet. */
        default void settled(List<GeneratedText> texts, TokenUsage usage) {}

        /** Behind the last delta. */
        void end(TokenUsage usage, ServerSentEvents events) throws IOException;
    }

    /**
     * @param generation closed by the stream
     * @param writer what is written
     * @param errorEvent makes the payload of the last event out of a failure
     */
    public EventStream(Generation generation, Writer writer, Function<FactoryException, Object> errorEvent) {
        this.generation = generation;
        this.writer = writer;
        this.errorEvent = errorEvent;
    }

    /**
     * The response, once the generation has begun or is late.
     *
     * @throws FactoryException when it failed before it began
     */
    public Response.ResponseBuilder response() throws InterruptedException {
        boolean committed = false;
        try {
            generation.awaitFirst(FIRST_EVENT);
            Response.ResponseBuilder response =
                    ServerSentEvents.response(this::writeAndClose, generation::cancel, errorEvent);
            generation.headers().forEach(response::header);
            committed = true;
            return response;
        } finally {
            if (!committed) {
                generation.close();
            }
        }
    }

    private void writeAndClose(ServerSentEvents events) throws IOException {
        try (generation) {
            write(events);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(interrupted);
        }
    }

    private void write(ServerSentEvents events) throws IOException, InterruptedException {
        writer.begin(events);
        long lastWritten = System.nanoTime();
        while (!generation.isEnded()) {
            Optional<Delta> delta = generation.next(KEEP_ALIVE);
            if (generation.isEnded()) {
                writer.settled(generation.texts(), generation.settle());
            }
            if (delta.isPresent()) {
                writer.write(delta.get(), events);
                lastWritten = System.nanoTime();
            } else if (System.nanoTime() - lastWritten >= KEEP_ALIVE.toNanos()) {
                events.keepAlive();
                lastWritten = System.nanoTime();
            }
        }
        writer.end(generation.settle(), events);
    }
}
