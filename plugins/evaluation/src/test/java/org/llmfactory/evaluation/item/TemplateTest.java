package org.llmfactory.evaluation.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;

final class TemplateTest {
    private static ObjectNode item() {
        ObjectNode item =
                Json.MAPPER.createObjectNode().put("name", "{{item.age}} $1 \\").put("age", 7);
        item.putArray("tags").add("x").add("y");
        item.putObject("in").put("deep", true);
        return item;
    }

    private static final ObjectNode SAMPLE = Json.MAPPER.createObjectNode().put("output_text", "said");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no names|no names",
                "{{item.name}}|{{item.age}} $1 \\",
                "{{ item.age }}, {{sample.output_text}}|7, said",
                "{{item.tags[1]}}{{item.tags.0}}|yx",
                "{{item.in.deep}}|true",
                "{{item.tags}}|[\"x\",\"y\"]",
                "{single}|{single}"
            })
    void namesAreReplaced(String template, String text) {
        assertThat(new Template(template).render(item(), SAMPLE)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{other.x}}", "{{}}", "{{item.x()}}", "{{item..x}}"})
    void namesThatCannotBeAreRefused(String template) {
        assertThatThrownBy(() -> new Template(template)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fieldThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new Template("{{item.missing}}").render(item(), SAMPLE))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("item.missing");
    }
}
