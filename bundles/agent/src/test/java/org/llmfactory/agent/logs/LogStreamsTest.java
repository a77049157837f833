package org.llmfactory.agent.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.testing.InMemoryDataPlane;
import org.llmfactory.rest.Json;
import org.osgi.service.log.LogLevel;

class LogStreamsTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/region-1");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final InMemoryDataPlane network = new InMemoryDataPlane();
    private final LogStreams streams = new LogStreams();
    private final InMemoryLog log = new InMemoryLog();
    private final Reader reader = new Reader();

    LogStreamsTest() {
        network.offer(NODE, streams);
    }

    @AfterEach
    void stop() {
        streams.stop();
        network.close();
    }

    private void info(String message) {
        log.log(new RecordedEntry(LogLevel.INFO, message, null));
    }

    private AgentStream open(AgentAddress from, LogRequest request) throws InterruptedException {
        return network.of(from).open(NODE, LogRequest.SERVICE, Lane.DATA, request.write(), reader, DEADLINE);
    }

    @Test
    void theLastLinesAreToldOldestFirstAndThenTheEnd() throws Exception {
        info("before the bundle was there");
        streams.bindLog(log);
        info("second");
        info("third");
        open(CONTROLLER, new LogRequest(null, "info", false, 2));

        await().atMost(DEADLINE).until(() -> reader.ended);
        assertThat(reader.messages()).containsExactly("second", "third");
        JsonNode line = reader.lines.get(0);
        assertThat(line.get("time").longValue()).isEqualTo(1_000);
        assertThat(line.get("level").textValue()).isEqualTo("info");
        assertThat(line.get("logger").textValue()).isEqualTo("logger");
    }

    @Test
    void whatWasLoggedBeforeTheBundleWasThereIsKept() throws Exception {
        info("first");
        info("second");
        streams.bindLog(log);
        open(CONTROLLER, new LogRequest(null, "info", false, 10));

        await().atMost(DEADLINE).until(() -> reader.ended);
        assertThat(reader.messages()).containsExactly("first", "second");
    }

    @Test
    void aFollowerHearsEveryLineOnce() throws Exception {
        streams.bindLog(log);
        info("first");
        open(CONTROLLER, new LogRequest(null, "info", true, 10));
        await().atMost(DEADLINE).until(() -> reader.lines.size() == 1);
        IntStream.range(0, 50).forEach(i -> info("line " + i));

        await().atMost(DEADLINE).until(() -> reader.lines.size() == 51);
        assertThat(reader.messages()).doesNotHaveDuplicates().endsWith("line 49");
    }

    @Test
    void lesserLinesAreLeftOut() throws Exception {
        streams.bindLog(log);
        log.log(new RecordedEntry(LogLevel.DEBUG, "debug", null));
        log.log(new RecordedEntry(LogLevel.WARN, "warn", null));
        log.log(new RecordedEntry(LogLevel.ERROR, "error", null));
        open(CONTROLLER, new LogRequest(null, "warn", false, 10));

        await().atMost(DEADLINE).until(() -> reader.ended);
        assertThat(reader.messages()).containsExactly("warn", "error");
    }

    @Test
    void otherPluginsAreLeftOut() throws Exception {
        streams.bindLog(log);
        info("of no bundle");
        open(CONTROLLER, new LogRequest("org.llmfactory.inference", "info", false, 10));

        await().atMost(DEADLINE).until(() -> reader.ended);
        assertThat(reader.lines).isEmpty();
    }

    @Test
    void aSlowReaderLosesLinesIsToldHowManyAndHoldsUpNobody() throws Exception {
        streams.bindLog(log);
        reader.block();
        open(CONTROLLER, new LogRequest(null, "info", true, 0));
        String large = "x".repeat(4000);
        info("first");
        await().atMost(DEADLINE).until(() -> reader.isBlocked);
        // More than the stream's credit and the lines that wait for a reader.
        IntStream.range(0, 3000).forEach(i -> info(large));
        reader.unblock();
        await().atMost(DEADLINE).until(() -> reader.leftOut() > 0);
        info("last");
        await().atMost(DEADLINE).until(() -> reader.messages().contains("last"));

        assertThat(reader.messages().size() + reader.leftOut()).isEqualTo(3002);
    }

    @Test
    void longLinesAndStacksAreCut() throws Exception {
        streams.bindLog(log);
        Throwable deep = new IllegalStateException("\u0001".repeat(10_000));
        log.log(new RecordedEntry(LogLevel.ERROR, "\u0001".repeat(100_000), deep));
        open(CONTROLLER, new LogRequest(null, "info", false, 10));

        await().atMost(DEADLINE).until(() -> reader.ended);
        assertThat(reader.messages())
                .singleElement()
                .satisfies(
                        message -> assertThat(message).hasSize(LogLine.LONGEST).endsWith("…"));
        assertThat(reader.lines.get(0).get("stack").textValue())
                .hasSize(LogLine.LONGEST)
                .startsWith("java.lang.IllegalStateException");
    }

    @Test
    void onlySoManyReadAtOnce() throws Exception {
        streams.bindLog(log);
        LogRequest follow = new LogRequest(null, "info", true, 0);
        for (int i = 0; i < 8; i++) {
            open(CONTROLLER, follow);
        }

        assertThatThrownBy(() -> open(CONTROLLER, follow))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void aReaderWhoGoesMakesRoom() throws Exception {
        streams.bindLog(log);
        LogRequest follow = new LogRequest(null, "info", true, 0);
        for (int i = 0; i < 20; i++) {
            await().ignoreExceptionsInstanceOf(FactoryException.class)
                    .atMost(DEADLINE)
                    .until(() -> {
                        open(CONTROLLER, follow).cancel("enough");
                        return true;
                    });
        }
    }

    @Test
    void nodesDoNotReadOneAnothersLogs() {
        assertThatThrownBy(() -> open(AgentAddress.parse("shared/node-2"), new LogRequest(null, "info", false, 1)))
                .isInstanceOf(FactoryException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "{\"level\":\"loud\",\"follow\":true,\"lines\":1}",
                "{\"level\":\"info\",\"follow\":true,\"lines\":-1}",
                "{\"level\":\"info\",\"follow\":true,\"lines\":2001}"
            })
    void aRequestThatIsNoneIsRefused(String request) {
        assertThatThrownBy(() -> LogRequest.read(request.getBytes(UTF_8))).isInstanceOf(FactoryException.class);
    }

    /** Reads lines, and does not while it is blocked. */
    private static final class Reader implements StreamListener {
        final List<JsonNode> lines = new CopyOnWriteArrayList<>();
        volatile boolean ended;
        volatile boolean isBlocked;
        private volatile CountDownLatch gate = new CountDownLatch(0);

        void block() {
            gate = new CountDownLatch(1);
        }

        void unblock() {
            gate.countDown();
        }

        List<String> messages() {
            return lines.stream()
                    .filter(line -> line.has("message"))
                    .map(line -> line.get("message").textValue())
                    .toList();
        }

        int leftOut() {
            return lines.stream()
                    .filter(line -> line.has("left_out"))
                    .mapToInt(line -> line.get("left_out").intValue())
                    .sum();
        }

        @Override
        public void onMessage(byte[] message) {
            isBlocked = gate.getCount() > 0;
            try {
                assertThat(gate.await(DEADLINE.toSeconds(), SECONDS)).isTrue();
                lines.add(Json.MAPPER.readTree(message));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onEnd() {
            ended = true;
        }

        @Override
        public void onFailure(FactoryException reason) {
            ended = true;
        }
    }
}
