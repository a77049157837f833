package org.llmfactory.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class BadDataTest {
    private static final String GOOD = Read.chat("Hi", "Hello");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "{\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]} | the role \"robot\" is not one of",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | the last message is not the assistant's",
                "{\"messages\":[]} | no messages",
                "{\"messages\":\"x\"} | messages is not an array",
                "{\"messages\":[1]} | not an object",
                "{\"messages\":[{\"content\":\"x\"}]} | the field role is missing",
                "{\"messages\":[{\"role\":\"assistant\"}]} | has no content",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":7}]} | neither a string nor an array",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\",\"weight\":0}]} | nothing to learn",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\",\"weight\":0.5}]} | is 0 or 1",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]} | only text",
                "{\"messages\":[],\"messages\":[]} | a field is there twice",
                "{\"messages\": | it is not valid JSON",
                "{} {} | it is not valid JSON",
                "[1] | a row is a JSON object",
                "{\"prompt\":\"x\"} | none of the fields",
                "{\"text\":\"x\"} | the rows before are of chat",
            })
    void aBadRowIsNamedWithItsLineAndTheOthersAreRead(String row, String message) {
        List<RowProblem> problems = Read.problems(GOOD + "\n" + row + "\n" + GOOD);

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).line()).isEqualTo(3);
        assertThat(problems.get(0).message()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "{\"instruction\":\"x\"} | the field output is missing",
                "{\"instruction\":\"x\",\"output\":\" \"} | the output is empty",
                "{\"instruction\":\"\",\"output\":\"y\"} | instruction and input are empty",
                "{\"instruction\":\"x\",\"output\":\"y\",\"history\":[[\"a\"]]} | a turn of the history",
                "{\"instruction\":\"x\",\"output\":\"y\",\"tools\":\"[\"} | tools is not valid JSON",
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"a\"},{\"from\":\"human\",\"value\":\"b\"}]} | take turns",
                "{\"conversations\":[{\"from\":\"gpt\",\"value\":\"a\"}]} | take turns",
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"a\"}]} | no answer",
                "{\"conversations\":[{\"from\":\"alien\",\"value\":\"a\"}]} | the speaker \"alien\"",
                "{\"preferred_output\":[]} | the field input is missing",
                "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]},\"preferred_output\":[]} | preferred_output",
                "{\"text\":\" \"} | the text is empty",
            })
    void otherFormatsAreCheckedToo(String row, String message) {
        assertThatThrownBy(() -> Read.rows("d.jsonl", row))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FILE))
                .hasMessageStartingWith("line 1: ")
                .hasMessageContaining(message);
    }

    @Test
    void aFileWithNothingInItIsRefused() {
        assertThatThrownBy(() -> Read.rows("d.jsonl", "")).hasMessage("The file is empty.");
        assertThatThrownBy(() -> Read.rows("d.jsonl", "\uFEFF")).hasMessage("The file has no rows.");
        assertThatThrownBy(() -> Read.rows("d.txt", " \r\n\n")).hasMessage("The file has no rows.");
        assertThatThrownBy(() -> Read.rows("d.json", "[]")).hasMessage("The file has no rows.");
    }

    @Test
    void aLineThatIsTooLongIsPassedOver() {
        String data = GOOD + Read.chat("Hi", "x".repeat(500)) + GOOD;

        assertThat(Read.problems(data.getBytes(StandardCharsets.UTF_8), new Limits(200, 1000)))
                .containsExactly(new RowProblem(2, "it is longer than 200 bytes"));
    }

    @Test
    void brokenUtf8IsNamedWithItsLine() {
        byte[] data = (GOOD + Read.chat("Hi", "ü")).getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Read.problems(data, Limits.DEFAULT)).containsExactly(new RowProblem(2, "it is not UTF-8"));
    }

    @Test
    void binaryContentIsRefused() {
        assertThatThrownBy(() -> Read.rows("d.jsonl", new byte[] {'a', 0, 'b'})).hasMessageContaining("binary");
        assertThatThrownBy(() -> Read.rows("d.txt", GOOD.getBytes(StandardCharsets.UTF_16)))
                .hasMessageContaining("binary");
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "{\"messages\":" + "[".repeat(5000) + "]".repeat(5000) + "}";

        assertThat(Read.problems(GOOD + deep).get(0).message()).contains("nesting of 100");
    }

    @Test
    void anArrayEndsWhereItIsBroken() {
        String row = "{\"instruction\":\"x\",\"output\":\"y\"}";

        assertThatThrownBy(() -> Read.rows("d.json", "[" + row + ",\n" + row + ",\n{]"))
                .hasMessageStartingWith("line 3: it is not valid JSON");
        assertThatThrownBy(() -> Read.rows("d.json", "[" + row)).hasMessageContaining("not valid JSON");
        assertThatThrownBy(() -> Read.rows("d.json", "[" + row + "] 1")).hasMessageContaining("behind the end");
        assertThatThrownBy(() -> Read.rows("d.json", "{")).hasMessageContaining("array of objects");
        String large = "[" + row + ",{\"instruction\":\"" + "x".repeat(100_000) + "\"}]";
        assertThatThrownBy(() -> Read.problems(large.getBytes(StandardCharsets.UTF_8), new Limits(1000, 1000)))
                .hasMessage("line 1: the row is longer than 1000 bytes");
    }
}
