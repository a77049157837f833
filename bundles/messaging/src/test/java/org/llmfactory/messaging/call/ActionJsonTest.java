package org.llmfactory.messaging.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;

class ActionJsonTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private final ActionJson json = new ActionJson();

    record Inner(String name, long size) {}

    record Outer(int count, Optional<String> remark, Optional<Inner> inner, List<Inner> all, Duration pause) {}

    @Test
    void everyTypeComesBackAsItWas() {
        EchoAction.Words words = EchoAction.words("hello");
        byte[] written = json.write(words);
        assertThat(new String(written, StandardCharsets.UTF_8))
                .isEqualTo("{\"text\":\"hello\",\"times\":2,\"when\":\"2026-01-31T12:00:00Z\",\"pause\":\"PT1M30S\","
                        + "\"bytes\":\"AQID\",\"words\":[{\"text\":\"a\",\"volume\":\"LOUD\"}],"
                        + "\"named\":{\"b\":{\"text\":\"b\",\"volume\":\"SOFT\"}},\"listener\":\"shared/node-9\"}");
        assertThat(json.readArguments(written, EchoAction.Words.class))
                .usingRecursiveComparison()
                .isEqualTo(words);
    }

    @Test
    void whatIsOptionalMayBeAbsent() {
        Outer outer = read("{\"count\":1,\"all\":[],\"pause\":\"PT1S\",\"remark\":null}");
        assertThat(outer).isEqualTo(new Outer(1, Optional.empty(), Optional.empty(), List.of(), Duration.ofSeconds(1)));
        Outer full = read("{\"count\":1,\"all\":[],\"pause\":\"PT1S\",\"remark\":\"r\","
                + "\"inner\":{\"name\":\"n\",\"size\":3}}");
        assertThat(full.inner()).contains(new Inner("n", 3));
        assertThat(read(new String(json.write(full), StandardCharsets.UTF_8))).isEqualTo(full);
    }

    @Test
    void whatIsNotOptionalMayNot() {
        refused("{\"all\":[],\"pause\":\"PT1S\"}", ErrorCode.INVALID_VALUE, "'count'");
        refused("{\"count\":1,\"pause\":\"PT1S\"}", ErrorCode.INVALID_VALUE, "'all'");
        refused("{\"count\":null,\"all\":[],\"pause\":\"PT1S\"}", ErrorCode.INVALID_VALUE, "'count'");
        refused(
                "{\"count\":1,\"all\":[{\"name\":\"n\"}],\"pause\":\"PT1S\"}",
                ErrorCode.INVALID_VALUE,
                "'all[0].size'");
    }

    @Test
    void valuesAreNotBentToFit() {
        refused("{\"count\":\"1\",\"all\":[],\"pause\":\"PT1S\"}", ErrorCode.INVALID_VALUE, "'count'");
        refused("{\"count\":1.5,\"all\":[],\"pause\":\"PT1S\"}", ErrorCode.INVALID_VALUE, "'count'");
        refused("{\"count\":1,\"all\":{},\"pause\":\"PT1S\"}", ErrorCode.INVALID_VALUE, "'all'");
        refused("{\"count\":1,\"all\":[],\"pause\":\"soon\"}", ErrorCode.INVALID_VALUE, "'pause'");
        refused("{\"count\":1,\"all\":[],\"pause\":60}", ErrorCode.INVALID_VALUE, "'pause'");
        refused("{\"count\":1,\"all\":[],\"pause\":\"PT1S\",\"remark\":5}", ErrorCode.INVALID_VALUE, "'remark'");
    }

    @Test
    void whatNobodyKnowsIsRefusedInArgumentsAndPassedOverInResults() {
        String more = "{\"name\":\"n\",\"size\":3,\"more\":1}";
        assertThatThrownBy(() -> json.readArguments(bytes(more), Inner.class))
                .hasMessage("There is no argument 'more'.");
        assertThat(json.readResult(bytes(more), Inner.class, NODE)).isEqualTo(new Inner("n", 3));
        assertThatThrownBy(() -> json.readResult(bytes("{}"), Inner.class, NODE))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("same version");
    }

    @Test
    void oneFieldTwiceTrailingTextAndDeepNestingAreRefused() {
        assertThatThrownBy(() -> json.readArguments(bytes("{\"name\":\"a\",\"name\":\"b\",\"size\":1}"), Inner.class))
                .isInstanceOf(FactoryException.class);
        assertThatThrownBy(() -> json.readArguments(bytes("{\"name\":\"a\",\"size\":1} x"), Inner.class))
                .isInstanceOf(FactoryException.class);
        assertThatThrownBy(() -> json.readArguments(bytes("[".repeat(5000)), Inner.class))
                .isInstanceOf(FactoryException.class);
    }

    @Test
    void theRecordsOwnRefusalIsTold() {
        EchoAction.Words words = EchoAction.words("x");
        String text = new String(json.write(words), StandardCharsets.UTF_8).replace("\"times\":2", "\"times\":-2");
        assertThatThrownBy(() -> json.readArguments(bytes(text), EchoAction.Words.class))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("times is 0 or more");
    }

    @Test
    void theMapperLetsGoOfClasses() {
        json.forget();
        assertThat(json.readArguments(bytes("{\"name\":\"n\",\"size\":3}"), Inner.class))
                .isEqualTo(new Inner("n", 3));
    }

    private Outer read(String text) {
        return json.readArguments(bytes(text), Outer.class);
    }

    private void refused(String text, ErrorCode code, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code))
                .hasMessageContaining(reason);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
