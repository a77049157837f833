package org.llmfactory.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class JsonTest {
    record Person(String firstName, int age, List<Pet> pets) {}

    record Pet(String name) {}

    @Test
    void namesAreSnakeCase() throws IOException {
        Person person = new Person("Ada", 36, List.of(new Pet("Rex")));

        String json = new String(Json.write(person), UTF_8);

        assertThat(json).isEqualTo("{\"first_name\":\"Ada\",\"age\":36,\"pets\":[{\"name\":\"Rex\"}]}");
        assertThat(read(json, Person.class)).isEqualTo(person);
    }

    @Test
    void unknownNamesAreIgnored() throws IOException {
        assertThat(read("{\"name\":\"Rex\",\"color\":\"black\"}", Pet.class)).isEqualTo(new Pet("Rex"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "{\"age\":\"36\"}|age",
                "{\"age\":3.5}|age",
                "{\"age\":null}|age",
                "{\"first_name\":7}|first_name",
                "{\"pets\":{}}|pets",
                "{\"pets\":[{\"name\":\"a\"},{\"name\":[]}]}|pets[1].name",
                "[1]|body"
            })
    void wrongTypeIsToldWithItsPath(String json, String path) {
        FactoryException refusal = refusalOf(json);

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_TYPE);
        assertThat(refusal.parameter()).contains(path);
        assertThat(refusal.getMessage()).contains("'" + path + "'").contains("line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "nonsense",
                "{\"age\":}",
                "{\"age\":1}}",
                "{\"age\":1} {}",
                "{\"age\":NaN}",
                "null",
                "{\"age\":1,\"age\":2}",
                "{'age':1}",
                "{\"a\":\"\t\"}"
            })
    void malformedJsonIsRefusedWithoutShowingIt(String json) {
        FactoryException refusal = refusalOf(json);

        assertThat(refusal.code()).as(json).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refusal.getMessage()).doesNotContain("nonsense").doesNotContain("jackson");
    }

    @Test
    void limitsAreToldAsSuch() {
        for (String json : List.of(
                "{\"other\":" + "[".repeat(200) + "]".repeat(200) + "}",
                "{\"age\":" + "1".repeat(200) + "}",
                "{\"" + "n".repeat(60_000) + "\":1}")) {
            assertThat(refusalOf(json).getMessage()).contains("over a limit");
        }
    }

    @Test
    void failureOfTheConnectionStaysOne() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new BodyTooLargeException(5);
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };

        assertThatThrownBy(() -> Json.read(broken, TypeFactory.defaultInstance().constructType(ObjectNode.class)))
                .isInstanceOf(BodyTooLargeException.class);
    }

    private static FactoryException refusalOf(String json) {
        return catchThrowableOfType(FactoryException.class, () -> read(json, Person.class));
    }

    private static Object read(String json, Class<?> type) throws IOException {
        return Json.read(
                new ByteArrayInputStream(json.getBytes(UTF_8)),
                TypeFactory.defaultInstance().constructType(type));
    }
}
