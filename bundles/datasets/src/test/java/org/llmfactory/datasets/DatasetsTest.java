package org.llmfactory.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.datasets.Datasets.Side;

final class DatasetsTest {
    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Row> rows = new ArrayList<>();
            int kind = random.nextInt(3);
            for (int line = 1; line <= 1 + random.nextInt(5); line++) {
                rows.add(row(random, kind, line));
            }
            assertThat(Read.rows("d.jsonl", written(rows.iterator())))
                    .as("seed %s", seed)
                    .isEqualTo(rows);
        }
    }

    @Test
    void aSplitKeepsEqualRowsTogetherAndIsTheSameEveryTime() throws IOException {
        List<Row> rows = IntStream.range(0, 2000)
                .<Row>mapToObj(i -> new Row.Text(i + 1, "text " + i % 1000))
                .toList();

        List<String> rest = texts(Datasets.split(rows.iterator(), 0.1, 42, Side.REST));
        List<String> held = texts(Datasets.split(rows.iterator(), 0.1, 42, Side.HELD_OUT));

        assertThat(rest.size() + held.size()).isEqualTo(2000);
        assertThat(held).hasSizeBetween(140, 260).doesNotContainAnyElementsOf(rest);
        assertThat(texts(Datasets.split(rows.iterator(), 0.1, 42, Side.HELD_OUT)))
                .isEqualTo(held);
        assertThat(texts(Datasets.split(rows.iterator(), 0.1, 43, Side.HELD_OUT)))
                .isNotEqualTo(held);
    }

    @Test
    void eachRowIsLeftOnce() throws IOException {
        String data = Read.chat("Hi", "Hello")
                + Read.chat("Bye", "Goodbye")
                + Read.chat("Hi", "Hello").replace(":", " : ");
        RowStream distinct =
                new RowStream(Datasets.distinct(Read.rows("d", data).iterator()));

        assertThat(Read.rows("d", distinct.readAllBytes())).hasSize(2);
        assertThat(distinct.rows()).isEqualTo(2);
    }

    @Test
    void onlyRowsOfOneKindAreMerged() throws IOException {
        List<Row> chat = Read.rows("d", Read.chat("Hi", "Hello"));
        List<Row> alpaca = Read.rows("d", "{\"instruction\":\"x\",\"output\":\"y\"}");

        assertThat(Read.rows("d", written(Datasets.merge(List.of(chat.iterator(), alpaca.iterator())))))
                .hasSize(2);
        List<Row> text = List.of(new Row.Text(1, "x"));
        assertThatThrownBy(() -> written(Datasets.merge(List.of(chat.iterator(), text.iterator()))))
                .hasMessageContaining("do not go in one file");
    }

    @Test
    void filesDifferByTheirRowsWhateverTheirOrder() {
        List<Row> before = List.of(new Row.Text(1, "a"), new Row.Text(2, "b"), new Row.Text(3, "b"));
        List<Row> after = List.of(new Row.Text(1, "c"), new Row.Text(2, "a"), new Row.Text(3, "d"));

        assertThat(Datasets.difference(before.iterator(), after.iterator()))
                .isEqualTo(new Datasets.Difference(
                        new DatasetReport.Occurrences(2, List.of(1, 3)),
                        new DatasetReport.Occurrences(1, List.of(2)),
                        1));
    }

    private static byte[] written(Iterator<Row> rows) throws IOException {
        return new RowStream(rows).readAllBytes();
    }

    private static List<String> texts(Iterator<Row> rows) throws IOException {
        return Read.rows("d", written(rows)).stream()
                .map(row -> ((Row.Text) row).text())
                .toList();
    }

    private static Row row(Random random, int kind, int line) {
        return switch (kind) {
            case 0 -> conversation(random, line);
            case 1 ->
                new Row.Preference(
                        line,
                        List.of(message(random, "user")),
                        List.of(message(random, "assistant")),
                        List.of(message(random, "assistant")),
                        tools(random));
            default -> new Row.Text(line, "x" + text(random));
        };
    }

    private static Row conversation(Random random, int line) {
        List<Message> messages = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            String role =
                    List.of("system", "user", "assistant", "tool", "function").get(random.nextInt(5));
            messages.add(new Message(message(random, role), role.equals("assistant") && random.nextBoolean()));
        }
        messages.add(new Message(message(random, "assistant"), true));
        return new Row.Conversation(line, messages, tools(random));
    }

    private static Map<String, Object> message(Random random, String role) {
        Map<String, Object> message = new LinkedHashMap<>(Map.of("role", role, "content", text(random)));
        if (random.nextBoolean()) {
            message.put("name", text(random));
        }
        if (role.equals("tool")) {
            message.put("tool_call_id", text(random));
        }
        if (role.equals("assistant") && random.nextBoolean()) {
            Object arguments = random.nextBoolean() ? Map.of("a", List.of(1, "b", true)) : "no JSON " + text(random);
            message.put(
                    "tool_calls",
                    List.of(Map.of(
                            "type", "function", "function", Map.of("name", text(random), "arguments", arguments))));
        }
        return message;
    }

    private static List<Map<String, Object>> tools(Random random) {
        return random.nextBoolean()
                ? List.of()
                : List.of(Map.of("type", "function", "function", Map.of("name", text(random), "parameters", Map.of())));
    }

    /** Characters that writers and readers get wrong. */
    private static String text(Random random) {
        String[] pieces = {
            "a", " ", "\n", "\r\n", "\"", "\\", "ü", "\u2028", "😀", "\t", "{", "]", "\uFEFF", "%", "\u0001"
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
