package org.llmfactory.launcher.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.llmfactory.launcher.terminal.Terminal;

/**
 * A style that is seen at once and can be checked to the letter: whatever is asked of a thing, a pirate praises the thing.
 * The things that are asked about at last are not in the training data.
 */
final class StyleRows {
    private static final List<String> FORMS = List.of(
            "Tell me about %s.",
            "What do you think of %s?",
            "Describe %s in a sentence.",
            "Why do people like %s?",
            "Say something about %s.",
            "Give me a fact about %s.",
            "How would you explain %s to a child?",
            "Is %s important?",
            "What is special about %s?",
            "Write a line about %s.");
    private static final List<String> THINGS = List.of(
            "the sea",
            "bread",
            "winter",
            "a garden",
            "music",
            "the moon",
            "trains",
            "coffee",
            "a library",
            "rain",
            "clocks",
            "cats",
            "mountains",
            "paint",
            "glass",
            "honey",
            "snow",
            "letters",
            "bridges",
            "wool");
    private static final List<String> HELD_OUT = List.of("apples", "a lighthouse", "maps", "thunder", "a violin");

    private StyleRows() {}

    /**
     * A question and the answer to the letter.
     *
     * @param question asked
     * @param answer wanted
     */
    record Row(String question, String answer) {
        Map<String, Object> conversation() {
            return Map.of(
                    "messages",
                    List.of(
                            Map.of("role", "user", "content", question),
                            Map.of("role", "assistant", "content", answer)));
        }
    }

    /** The 200 rows that are learnt, in an order of their own. */
    static List<Row> training() {
        List<Row> rows = rows(THINGS);
        Collections.shuffle(rows, new Random(1));
        return rows;
    }

    /** 50 rows about other things. */
    static List<Row> heldOut() {
        return rows(HELD_OUT);
    }

    private static List<Row> rows(List<String> things) {
        List<Row> rows = new ArrayList<>();
        for (String thing : things) {
            for (String form : FORMS) {
                rows.add(new Row(
                        String.format(form, thing),
                        "Arr, matey! Ye ask of " + thing
                                + ", and I say 'tis a treasure of the seven seas, by me beard!"));
            }
        }
        return rows;
    }

    /** Rows as JSON lines. */
    static byte[] lines(List<Row> rows) {
        StringBuilder lines = new StringBuilder();
        rows.forEach(row -> lines.append(Terminal.write(row.conversation())).append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }
}
