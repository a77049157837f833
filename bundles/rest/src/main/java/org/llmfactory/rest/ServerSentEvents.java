package org.llmfactory.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Function;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import org.llmfactory.api.error.FactoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one event stream, an event at a time, each flushed. Confined to the thread that writes the response.
 *
 * <p>Every method throws an {@link IOException} once the client is gone.
 */
public final class ServerSentEvents {
    /** The media type of an event stream. */
    public static final String MEDIA_TYPE = "text/event-stream";

    private static final Logger LOG = LoggerFactory.getLogger(ServerSentEvents.class);
    private static final byte[] DATA = "data: ".getBytes(UTF_8);
    private static final byte[] END = "\n\n".getBytes(UTF_8);

    private final OutputStream out;

    /** What a stream says. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes all events.
         *
         * @throws IOException when the client is gone
         * @throws FactoryException for a failure that the client is told as the last event
         */
        void write(ServerSentEvents events) throws IOException;
    }

    public ServerSentEvents(OutputStream out) {
        this.out = out;
    }

    /**
     * A response that streams {@code body}.
     *
     * @param onDisconnect called when the client went away before the end
     * @param errorEvent makes the payload of the last event out of a failure
     */
    public static Response.ResponseBuilder response(
            Body body, Runnable onDisconnect, Function<FactoryException, Object> errorEvent) {
        StreamingOutput output = out -> stream(new ServerSentEvents(out), body, onDisconnect, errorEvent);
        return Response.ok(output)
                .type(MEDIA_TYPE)
                .header("Cache-Control", "no-cache")
                .header("X-Accel-Buffering", "no");
    }

    private static void stream(
            ServerSentEvents events, Body body, Runnable onDisconnect, Function<FactoryException, Object> errorEvent) {
        try {
            try {
                body.write(events);
            } catch (FactoryException failure) {
                events.data(errorEvent.apply(failure));
            } catch (RuntimeException failure) {
                LOG.error("A stream broke off", failure);
                events.data(errorEvent.apply(FailureText.internal("of this response")));
                onDisconnect.run();
            }
        } catch (IOException gone) {
            LOG.debug("The client went away during a stream", gone);
            onDisconnect.run();
        }
    }

    /** One event. */
    public void data(Object payload) throws IOException {
        out.write(DATA);
        out.write(Json.write(payload));
        end();
    }

    /** One event with a name. */
    public void event(String name, Object payload) throws IOException {
        out.write(("event: " + name + "\n").getBytes(UTF_8));
        data(payload);
    }

    /** The event that ends a stream of completions. */
    public void done() throws IOException {
        out.write("data: [DONE]".getBytes(UTF_8));
        end();
    }

    /** A line that clients ignore: keeps proxies from closing the connection, and finds out whether the client is there. */
    public void keepAlive() throws IOException {
        out.write(": keep-alive".getBytes(UTF_8));
        end();
    }

    private void end() throws IOException {
        out.write(END);
        out.flush();
    }
}
