package org.llmfactory.agent.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.rest.Json;

class ReportMessagesTest {
    private final List<Object> heard = new ArrayList<>();
    private final ReportReader reader = new ReportReader(1 << 20);
    private final ReportHandler handler = new ReportHandler() {
        @Override
        public void onReport(AgentReport report) {
            heard.add(report);
        }

        @Override
        public void onLoad(LoadReport load) {
            heard.add(load);
        }

        @Override
        public void onBeat() {
            heard.add("beat");
        }

        @Override
        public void onGoodbye() {
            heard.add("goodbye");
        }
    };

    private static AgentReport report(int adapters) {
        return new AgentReport(
                "gpu-node",
                "region-1",
                Instant.parse("2026-03-01T10:00:00.123Z"),
                Map.of("rack", "7", "gpu", "h100"),
                new AgentReport.Hardware(
                        "Linux amd64",
                        "Processor",
                        16,
                        1L << 37,
                        1L << 40,
                        List.of(new AgentReport.Gpu("GPU", 1L << 36))),
                List.of(new PluginInfo("org.llmfactory.inference", "1.0.0", "active", "0".repeat(64), true)),
                List.of(new AgentReport.EngineReport(
                        "model", "1".repeat(64), "cuda:0", Collections.nCopies(adapters, "2".repeat(64)), 3, 4)),
                List.of(new AgentReport.TrainerReport(List.of("1".repeat(64)), 8)),
                new AgentReport.Load(0.25, 1L << 35, 1L << 39, 1 << 28));
    }

    @Test
    void aReportIsReadAsItWasWritten() {
        ReportMessages.report(report(2)).forEach(message -> reader.read(message, handler));

        assertThat(heard).containsExactly(report(2));
    }

    @Test
    void aLargeReportComesInPartsEachASignOfLife() {
        List<byte[]> messages = ReportMessages.report(report(3000));
        messages.forEach(message -> reader.read(message, handler));

        assertThat(messages)
                .hasSize(4)
                .allSatisfy(message -> assertThat(message.length).isLessThanOrEqualTo(AgentStream.MAXIMUM_MESSAGE));
        assertThat(heard).containsExactly("beat", "beat", "beat", report(3000));
    }

    @Test
    void twoLargeReportsFollowOneAnother() {
        ReportMessages.report(report(1500)).forEach(message -> reader.read(message, handler));
        ReportMessages.report(report(1600)).forEach(message -> reader.read(message, handler));

        assertThat(heard).contains(report(1500), report(1600));
    }

    @Test
    void aReportThatBreaksOffIsMadeUpForByTheNext() {
        reader.read(ReportMessages.report(report(3000)).get(0), handler);
        ReportMessages.report(report(1)).forEach(message -> reader.read(message, handler));
        ReportMessages.report(report(3000)).subList(0, 2).forEach(message -> reader.read(message, handler));
        ReportMessages.report(report(2000)).forEach(message -> reader.read(message, handler));

        assertThat(heard).contains(report(1), report(2000)).doesNotContain(report(3000));
    }

    @Test
    void aReportOverTheLimitIsRefused() {
        ReportReader small = new ReportReader(100_000);

        assertThatThrownBy(() -> ReportMessages.report(report(3000)).forEach(message -> small.read(message, handler)))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE));
        assertThatThrownBy(() -> new ReportReader(10)
                        .read(ReportMessages.report(report(1)).get(0), handler))
                .isInstanceOf(FactoryException.class);
    }

    @Test
    void beatsAndGoodbyesAreASingleByte() {
        reader.read(ReportMessages.beat(), handler);
        reader.read(ReportMessages.goodbye(), handler);

        assertThat(heard).containsExactly("beat", "goodbye");
        assertThat(ReportMessages.beat()).hasSize(1);
    }

    @Test
    void loadIsPutIntoTheReportItBelongsTo() {
        LoadReport load = new LoadReport(
                new AgentReport.Load(0.5, 1, 2, 3),
                List.of(new LoadReport.EngineLoad("model", 8, 9), new LoadReport.EngineLoad("unknown", 1, 1)));
        reader.read(ReportMessages.load(load), handler);

        assertThat(heard).containsExactly(load);
        AgentReport updated = load.in(report(1));
        assertThat(updated.load()).isEqualTo(load.load());
        assertThat(updated.engines()).singleElement().satisfies(engine -> {
            assertThat(engine.running()).isEqualTo(8);
            assertThat(engine.waiting()).isEqualTo(9);
            assertThat(engine.residentAdapters()).hasSize(1);
        });
        assertThat(LoadReport.of(updated).engines()).containsExactly(new LoadReport.EngineLoad("model", 8, 9));
    }

    @Test
    void fieldsAndKindsOfLaterReleasesArePassedOver() {
        String json = new String(ReportMessages.report(report(1)).get(0), UTF_8);
        reader.read(
                json.replace("{\"feature\"", "{\"later\":{\"a\":1},\"feature\"").getBytes(UTF_8), handler);
        reader.read("Zwhatever".getBytes(UTF_8), handler);

        assertThat(heard).containsExactly(report(1), "beat");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "R",
                "R{",
                "R{}",
                "Rnull",
                "R[]",
                "R{\"feature\":7}",
                "E",
                "E{}",
                "L{}",
                "L{\"load\":null,\"engines\":[]}",
                "L{\"load\":{\"processor\":0,\"memory_free_bytes\":0,\"disk_free_bytes\":0,\"heap_used_bytes\":0},"
                        + "\"engines\":[null]}"
            })
    void whatIsMalformedIsRefused(String message) {
        assertThatThrownBy(() -> reader.read(message.getBytes(UTF_8), handler)).isInstanceOf(FactoryException.class);
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                  | feature           | null",
                "''                  | labels            | null",
                "''                  | labels            | {\"a\":null}",
                "''                  | hardware          | null",
                "/hardware           | gpus              | [null]",
                "''                  | plugins           | null",
                "''                  | plugins           | [null]",
                "''                  | engines           | [null]",
                "/engines/0          | resident_adapters | [null]",
                "''                  | load              | null"
            })
    void aReportWithNothingInAFieldIsRefused(String object, String field, String nothing) throws IOException {
        byte[] message = ReportMessages.report(report(1)).get(0);
        JsonNode whole = Json.MAPPER.readTree(message, 1, message.length - 1);
        ((ObjectNode) whole.at(object)).set(field, Json.MAPPER.readTree(nothing));

        assertThatThrownBy(() -> reader.read(("R" + whole).getBytes(UTF_8), handler))
                .isInstanceOf(FactoryException.class);
    }

    @Test
    void anOpeningSaysWhenTheAgentStarted() {
        Instant started = Instant.parse("2026-03-01T10:00:00.123Z");

        assertThat(ReportReader.started(ReportMessages.opening(started))).isEqualTo(started);
    }

    @Test
    void anOpeningOfAnotherVersionIsToldWhatToDo() {
        byte[] opening = "{\"version\":2,\"started\":0}".getBytes(UTF_8);

        assertThatThrownBy(() -> ReportReader.started(opening))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("same release");
        assertThatThrownBy(() -> ReportReader.started(new byte[0])).isInstanceOf(FactoryException.class);
    }
}
