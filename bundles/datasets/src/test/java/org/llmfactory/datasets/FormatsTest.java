package org.llmfactory.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class FormatsTest {
    @Test
    void chatRowsTrainWhatTheAssistantSaysUnlessItsWeightIsNought() {
        Row.Conversation row = Read.conversation("""
                {"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"Hi"},\
                {"role":"assistant","content":"Hello","weight":0},{"role":"user","content":[{"type":"text","text":"Bye"}]},\
                {"role":"assistant","content":"Goodbye","weight":1}],"parallel_tool_calls":false}
                """);

        assertThat(row.messages())
                .extracting(Message::role)
                .containsExactly("system", "user", "assistant", "user", "assistant");
        assertThat(row.messages()).extracting(Message::trained).containsExactly(false, false, false, false, true);
        assertThat(row.messages().get(3).content()).containsEntry("content", "Bye");
    }

    @Test
    void toolCallsHaveTheirArgumentsAsAnObject() {
        Row.Conversation row = Read.conversation("""
                {"messages":[{"role":"user","content":"Rain?"},{"role":"assistant","tool_calls":[{"id":"call_1",\
                "type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Ulm\\"}"}}]},\
                {"role":"tool","tool_call_id":"call_1","content":"yes"},{"role":"assistant","content":"Yes."}],\
                "tools":[{"type":"function","function":{"name":"weather"}}]}
                """);

        assertThat(row.messages().get(1).content())
                .containsEntry("content", "")
                .containsEntry(
                        "tool_calls",
                        List.of(Map.of(
                                "id",
                                "call_1",
                                "type",
                                "function",
                                "function",
                                Map.of("name", "weather", "arguments", Map.of("city", "Ulm")))));
        assertThat(row.messages().get(2).content()).containsEntry("tool_call_id", "call_1");
        assertThat(row.tools()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("pairNames")
    void preferencePairsAreReadUnderBothNames(String preferred, String other) {
        Row.Preference row = (Row.Preference)
                Read.rows("d.jsonl", """
                {"input":{"messages":[{"role":"user","content":"Hi"}]},"%s":[{"role":"assistant","content":"Hello"}],\
                "%s":[{"role":"assistant","content":"What"}]}
                """.formatted(preferred, other)).get(0);

        assertThat(row.prompt()).containsExactly(Map.of("role", "user", "content", "Hi"));
        assertThat(row.preferred()).containsExactly(Map.of("role", "assistant", "content", "Hello"));
        assertThat(row.other()).containsExactly(Map.of("role", "assistant", "content", "What"));
    }

    static Stream<Arguments> pairNames() {
        return Stream.of(
                Arguments.of("preferred_output", "non_preferred_output"),
                Arguments.of("preferred_completion", "non_preferred_completion"));
    }

    /** Every combination of the three optional columns, as lines and as an array, with tools in every other one. */
    static Stream<Arguments> columns() {
        return IntStream.range(0, 8)
                .boxed()
                .flatMap(mask -> Stream.of(true, false).map(lines -> Arguments.of(mask, lines)));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void instructionsAreReadInEveryCombinationOfColumns(int mask, boolean lines) {
        boolean input = (mask & 1) != 0;
        boolean history = (mask & 2) != 0;
        boolean system = (mask & 4) != 0;
        String row = "{\"instruction\":\"Add\",\"output\":\"3\""
                + (input ? ",\"input\":\"1 and 2\"" : "")
                + (history ? ",\"history\":[[\"Hi\",\"Hello\"]]" : "")
                + (system ? ",\"system\":\"Be exact\"" : "")
                + (input == system ? ",\"tools\":\"[{\\\"name\\\":\\\"add\\\"}]\"" : "")
                + "}";

        Row.Conversation read =
                (Row.Conversation) Read.rows("alpaca.json", lines ? row + "\n" : "[\n" + row + ",\n" + row + "\n]")
                        .get(0);

        assertThat(read.line()).isEqualTo(lines ? 1 : 2);
        assertThat(read.messages()).hasSize(2 + (history ? 2 : 0) + (system ? 1 : 0));
        assertThat(read.messages().get(0).role()).isEqualTo(system ? "system" : "user");
        assertThat(read.messages().get(read.messages().size() - 2).content())
                .containsEntry("content", input ? "Add\n1 and 2" : "Add");
        assertThat(read.messages().get(read.messages().size() - 1))
                .isEqualTo(new Message(Map.of("role", "assistant", "content", "3"), true));
        assertThat(read.tools()).hasSize(input == system ? 1 : 0);
    }

    @Test
    void shareGptIsReadWithItsOwnNames() {
        Row.Conversation row = Read.conversation("""
                {"system":"Help","tools":"[{\\"name\\":\\"weather\\"}]","conversations":[{"from":"human","value":"Rain?"},\
                {"from":"function_call","value":"{\\"name\\":\\"weather\\",\\"arguments\\":{\\"city\\":\\"Ulm\\"}}"},\
                {"from":"observation","value":"yes"},{"from":"gpt","value":"Yes."}]}
                """);

        assertThat(row.messages())
                .extracting(Message::role)
                .containsExactly("system", "user", "assistant", "tool", "assistant");
        assertThat(row.messages().get(2).content()).containsKey("tool_calls");
        assertThat(row.tools()).containsExactly(Map.of("type", "function", "function", Map.of("name", "weather")));
    }

    @Test
    void shareGptIsReadWithOpenAisNames() {
        Row.Conversation row = Read.conversation("""
                {"conversations":[{"role":"system","content":"Help"},{"role":"user","content":"Hi"},\
                {"role":"assistant","content":"Hello"}]}
                """);

        assertThat(row.messages()).extracting(Message::trained).containsExactly(false, false, true);
    }

    @Test
    void textRowsAndPlainTextAreText() {
        assertThat(Read.rows("d.jsonl", "{\"text\":\"One.\"}\n\n{\"text\":\"Two.\"}"))
                .containsExactly(new Row.Text(1, "One."), new Row.Text(3, "Two."));
        assertThat(Read.rows("d.txt", "\n\nOne.\r\nTwo.\n\nThree."))
                .containsExactly(new Row.Text(3, "One.\nTwo.\n\nThree."));
        assertThat(Read.rows("d.md", "# Title\n\n[link](x)\n"))
                .containsExactly(new Row.Text(1, "# Title\n\n[link](x)"));
        assertThat(Read.rows("d.md", "[link](x)")).containsExactly(new Row.Text(1, "[link](x)"));
    }

    @Test
    void longTextIsCutBetweenParagraphs() {
        String paragraph = "word ".repeat(1000) + "\n\n";

        List<Row> rows = Read.rows("d.txt", paragraph.repeat(10));

        assertThat(rows).hasSize(3);
        assertThat(rows).allSatisfy(row -> assertThat(((Row.Text) row).text()).hasSizeLessThanOrEqualTo(32_000));
        assertThat(rows).extracting(Row::line).containsExactly(1, 9, 17);
    }

    @Test
    void contentDecidesBeforeTheName() {
        String chat = Read.chat("Hi", "Hello");
        assertThat(Read.rows("d.txt", chat).get(0)).isInstanceOf(Row.Conversation.class);
        assertThat(Read.rows("d.txt", "<!DOCTYPE html><p>Hello")).containsExactly(new Row.Text(1, "Hello"));
        assertThat(Read.rows("d", "\uFEFF" + chat)).hasSize(1);
        assertThat(Read.rows("d", chat.replace("\n", "\r\n").repeat(2))).hasSize(2);
    }
}
