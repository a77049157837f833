package org.llmfactory.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import javax.ws.rs.ext.RuntimeDelegate;
import org.apache.cxf.jaxrs.impl.RuntimeDelegateImpl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class ServerSentEventsTest {
    private final AtomicInteger disconnects = new AtomicInteger();

    @BeforeAll
    static void useAnImplementation() {
        // The JAX-RS API's own search for an implementation works inside OSGi only.
        RuntimeDelegate.setInstance(new RuntimeDelegateImpl());
    }

    @Test
    void eventsAreFramedOneToALine() throws IOException {
        String stream = written(events -> {
            events.data(Map.of("text", "two\nlines"));
            events.keepAlive();
            events.event("named", Map.of("x", 1));
            events.done();
        });

        assertThat(stream.split("\n\n", -1))
                .containsExactly(
                        "data: {\"text\":\"two\\nlines\"}",
                        ": keep-alive",
                        "event: named\ndata: {\"x\":1}",
                        "data: [DONE]",
                        "");
    }

    @Test
    void everyEventIsFlushed() throws IOException {
        AtomicInteger flushes = new AtomicInteger();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int value) {}

            @Override
            public void flush() {
                flushes.incrementAndGet();
            }
        };

        output(events -> {
                    events.data(Map.of());
                    events.keepAlive();
                })
                .write(out);

        assertThat(flushes).hasValue(2);
    }

    @Test
    void failureIsTheLastEvent() throws IOException {
        String stream = written(events -> {
            events.data(Map.of());
            throw FactoryException.ofParameter(ErrorCode.INVALID_VALUE, "n", "No.");
        });

        assertThat(stream)
                .isEqualTo("data: {}\n\ndata: {\"error\":{\"message\":\"No.\",\"type\":\"invalid_request_error\","
                        + "\"param\":\"n\",\"code\":\"invalid_value\"}}\n\n");
    }

    @Test
    void unexpectedFailureIsToldWithoutItsDetails() throws IOException {
        String stream = written(events -> {
            throw new IllegalStateException("secret");
        });

        assertThat(stream).contains("\"type\":\"server_error\"").doesNotContain("secret");
        assertThat(disconnects).hasValue(1);
    }

    @Test
    void clientThatIsGoneIsReported() throws IOException {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        output(events -> events.data(Map.of())).write(gone);

        assertThat(disconnects).hasValue(1);
    }

    @Test
    void responseIsNeitherCachedNorBuffered() {
        Response response = ServerSentEvents.response(ServerSentEvents::done, () -> {}, ErrorBody::eventOf)
                .build();

        assertThat(response.getMediaType()).hasToString("text/event-stream");
        assertThat(response.getHeaderString("Cache-Control")).isEqualTo("no-cache");
        assertThat(response.getHeaderString("X-Accel-Buffering")).isEqualTo("no");
    }

    private String written(ServerSentEvents.Body body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        output(body).write(out);
        return out.toString(UTF_8);
    }

    private StreamingOutput output(ServerSentEvents.Body body) {
        return (StreamingOutput) ServerSentEvents.response(body, disconnects::incrementAndGet, ErrorBody::eventOf)
                .build()
                .getEntity();
    }
}
