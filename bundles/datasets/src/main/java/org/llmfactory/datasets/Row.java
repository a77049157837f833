package org.llmfactory.datasets;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One example of training data. */
public sealed interface Row {
    /** Where it begins in its file, from 1: a line; in a PDF a page, in a Word document a paragraph. */
    int line();

    /** As OpenAI has it in a file of JSON lines: the normal form, in which equal rows are equal. */
    default Map<String, Object> json() {
        return RowJson.of(this);
    }

    /**
     * A conversation that ends with an answer.
     *
     * @param tools function definitions in OpenAI's shape; empty for none
     */
    record Conversation(int line, List<Message> messages, List<Map<String, Object>> tools) implements Row {
        public Conversation {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }
    }

    /**
     * A prompt with a preferred and another answer.
     *
     * @param tools function definitions in OpenAI's shape; empty for none
     */
    record Preference(
            int line,
            List<Map<String, Object>> prompt,
            List<Map<String, Object>> preferred,
            List<Map<String, Object>> other,
            List<Map<String, Object>> tools)
            implements Row {
        public Preference {
            prompt = List.copyOf(prompt);
            preferred = List.copyOf(preferred);
            other = List.copyOf(other);
            tools = List.copyOf(tools);
        }
    }

    /** A piece of running text. Pieces of one document follow one another. */
    record Text(int line, String text) implements Row {
        public Text {
            Objects.requireNonNull(text, "text");
        }
    }
}
