package org.llmfactory.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class JsonFieldsTest {
    @Test
    void absentAndNullAreTheSame() {
        JsonFields fields = fields("{\"a\":null}");

        assertThat(fields.has("a")).isFalse();
        assertThat(fields.string("a")).isEmpty();
        assertThat(fields.flag("b", true)).isTrue();
        assertThat(fields.integer("a", 0, 1)).isEmpty();
        assertThat(fields.strings("a", 1)).isEmpty();
        assertThatThrownBy(() -> fields.requiredString("a")).hasMessage("Missing required parameter: 'a'.");
    }

    @Test
    void valuesAreRead() {
        JsonFields fields =
                fields("{\"s\":\"x\",\"i\":3,\"w\":4.0,\"d\":0.5,\"f\":true,\"l\":[1,2],\"o\":{\"p\":\"q\"}}");

        assertThat(fields.requiredString("s")).isEqualTo("x");
        assertThat(fields.integer("i", 0, 9)).hasValue(3);
        assertThat(fields.integer("w", 0, 9)).hasValue(4);
        assertThat(fields.number("d", 0, 1)).hasValue(0.5);
        assertThat(fields.number("i", 0, 9)).hasValue(3);
        assertThat(fields.flag("f", false)).isTrue();
        assertThat(fields.integers("l", 2, 0, 9)).containsExactly(1, 2);
        assertThat(fields.object("o").orElseThrow().requiredString("p")).isEqualTo("q");
        assertThat(fields.names()).containsExactly("s", "i", "w", "d", "f", "l", "o");
    }

    @Test
    void pathLeadsFromTheRoot() {
        JsonFields inner = fields("{\"a\":[{\"b\":{\"c\":7}}]}")
                .objects("a", 1)
                .get(0)
                .object("b")
                .orElseThrow();

        assertThatThrownBy(() -> inner.string("c"))
                .hasMessage("Invalid type for 'a[0].b.c': expected a string, but got an integer instead.")
                .isInstanceOf(FactoryException.class)
                .extracting("code")
                .isEqualTo(ErrorCode.INVALID_TYPE);
    }

    @Test
    void boundsAreToldInTheMessage() {
        JsonFields fields = fields("{\"t\":3,\"n\":200,\"l\":[1,2,3]}");

        assertThatThrownBy(() -> fields.number("t", 0, 2)).hasMessage("Invalid 't': expected a number from 0 to 2.");
        assertThatThrownBy(() -> fields.integer("n", 1, 128))
                .hasMessage("Invalid 'n': expected an integer from 1 to 128.");
        assertThatThrownBy(() -> fields.integers("l", 2, 0, 9)).hasMessageContaining("at most 2 elements");
    }

    @Test
    void hugeNumbersAreOutOfBounds() {
        JsonFields fields = fields("{\"a\":99999999999999999999999999,\"b\":1e400}");

        assertThatThrownBy(() -> fields.integer("a", 0, 9)).hasMessageContaining("from 0 to 9");
        assertThatThrownBy(() -> fields.number("b", 0, 9)).hasMessageContaining("from 0 to 9");
        assertThatThrownBy(() -> fields.integer("b", 0, 9)).isInstanceOf(FactoryException.class);
    }

    private static JsonFields fields(String json) {
        try {
            return JsonFields.of((ObjectNode) Json.MAPPER.readTree(json));
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException(json, failure);
        }
    }
}
