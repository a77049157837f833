package org.llmfactory.models.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What {@code transformers} renders, this renders too, to the letter. */
final class ChatTemplateFixturesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyTemplateRendersAsInPython() throws IOException {
        JsonNode fixtures =
                JSON.readTree(Path.of("src/test/fixtures/chat-templates.json").toFile());
        Clock clock = Clock.fixed(
                LocalDateTime.parse(fixtures.get("now").asText()).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        return StreamSupport.stream(fixtures.get("cases").spliterator(), false)
                .map(testCase -> DynamicTest.dynamicTest(testCase.get("name").asText(), () -> check(testCase, clock)));
    }

    private static void check(JsonNode testCase, Clock clock) {
        String template = testCase.get("template").asText();
        Map<String, Object> variables = variables(testCase);
        if (testCase.hasNonNull("expected")) {
            assertThat(Template.parse(template).render(variables, clock))
                    .isEqualTo(testCase.get("expected").asText());
            return;
        }
        TemplateException failure = catchThrowableOfType(
                TemplateException.class, () -> Template.parse(template).render(variables, clock));
        assertThat(failure).as("an error like %s", testCase.get("error_type")).isNotNull();
        assertThat(failure.isRefusal()).isEqualTo(testCase.hasNonNull("error"));
        if (failure.isRefusal()) {
            assertThat(failure).hasMessage(testCase.get("error").asText());
        }
    }

    private static Map<String, Object> variables(JsonNode testCase) {
        Map<String, Object> variables = new LinkedHashMap<>();
        for (String name : new String[] {"messages", "tools", "add_generation_prompt"}) {
            variables.put(name, JSON.convertValue(testCase.get(name), Object.class));
        }
        for (String name : new String[] {"bos_token", "eos_token"}) {
            if (testCase.hasNonNull(name)) {
                variables.put(name, testCase.get(name).asText());
            }
        }
        testCase.path("variables")
                .properties()
                .forEach(entry -> variables.put(entry.getKey(), JSON.convertValue(entry.getValue(), Object.class)));
        return variables;
    }
}
