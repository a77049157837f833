package org.llmfactory.launcher.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void longCellsAreBrokenBetweenWords() {
        TextTable table = new TextTable(List.of("who", "answer", "tok/s"));
        table.row("base", "word ".repeat(20).strip(), "12.0");

        assertThat(table.lines())
                .containsExactly(
                        "who   answer" + " ".repeat(65) + "tok/s",
                        "base  " + "word ".repeat(14) + " 12.0",
                        "      " + "word ".repeat(6).strip());
    }

    @Test
    void progressIsALineNowAndThenWhereNobodyWatches() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
                ProgressBar bar = new ProgressBar(out, false, "Pulling")) {
            for (int i = 0; i <= 100; i++) {
                bar.update((long) i << 20, 100 << 20);
            }
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSizeBetween(10, 12)
                .last()
                .isEqualTo("Pulling  99% of 100.0 MiB");
    }

    @Test
    void withJsonOnlyTheAnswerGoesToStandardOutput() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                true,
                false);

        terminal.say("on the way");
        terminal.answer(List.of(1, 2));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("[1,2]\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("on the way\n");
    }
}
