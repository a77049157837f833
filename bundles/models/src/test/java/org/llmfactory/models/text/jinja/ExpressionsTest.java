package org.llmfactory.models.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each expression has the value Python's Jinja gives it; see {@code make_expressions.py} beside the expectations. */
final class ExpressionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyExpressionIsWorthTheSameAsInPython() throws IOException {
        JsonNode fixtures = JSON.readTree(getClass().getResource("expressions.json"));
        Map<String, Object> variables =
                JSON.convertValue(fixtures.get("variables"), new TypeReference<Map<String, Object>>() {});
        return StreamSupport.stream(fixtures.get("cases").spliterator(), false)
                .map(testCase ->
                        DynamicTest.dynamicTest(testCase.get("template").asText(), () -> check(testCase, variables)));
    }

    private static void check(JsonNode testCase, Map<String, Object> variables) {
        String template = testCase.get("template").asText();
        if (testCase.has("expected")) {
            assertThat(Template.parse(template).render(variables, Clock.systemUTC()))
                    .isEqualTo(testCase.get("expected").asText());
        } else {
            assertThatThrownBy(() -> Template.parse(template).render(variables, Clock.systemUTC()))
                    .as(testCase.get("error").asText())
                    .isInstanceOf(TemplateException.class);
        }
    }
}
