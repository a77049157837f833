package org.llmfactory.evaluation.item;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A question with choices, one of which is right. Rows are read as the usual sets have them: {@code options} by letter and
 * {@code answer_idx} (MedQA, USMLE), {@code opa} to {@code opd} and {@code cop} counted from 0 (MedMCQA), or {@code
 * choices} or {@code options} in an array and {@code answer} as a number from 0, a letter or the choice's text (MMLU).
 *
 * @param text the question
 * @param choices at least two, at most 26
 * @param answer the place of the right one, from 0
 */
public record Question(String text, List<String> choices, int answer) {
    private static final int MAXIMUM = 26;
    private static final List<String> MEDMCQA = List.of("opa", "opb", "opc", "opd");

    /** @throws IllegalArgumentException for choices or an answer that cannot be */
    public Question {
        Objects.requireNonNull(text, "text");
        choices = List.copyOf(choices);
        if (choices.size() < 2 || choices.size() > MAXIMUM) {
            throw new IllegalArgumentException("a question has 2 to " + MAXIMUM + " choices");
        }
        if (answer < 0 || answer >= choices.size()) {
            throw new IllegalArgumentException("the answer is none of the choices");
        }
    }

    /**
     * Reads a row.
     *
     * @return empty for a row without choices
     * @throws IllegalArgumentException with the reason for a row that has some but is no question
     */
    public static Optional<Question> of(JsonNode row) {
        List<String> labels = new ArrayList<>();
        List<String> choices = new ArrayList<>();
        JsonNode options = row.hasNonNull("options") ? row.get("options") : row.path("choices");
        if (row.hasNonNull("opa")) {
            MEDMCQA.stream().map(row::path).filter(JsonNode::isTextual).forEach(choice -> choices.add(choice.asText()));
        } else if (options.isArray()) {
            options.forEach(option -> choices.add(option.asText()));
        } else if (options.isObject()) {
            options.properties().forEach(option -> {
                labels.add(option.getKey());
                choices.add(option.getValue().asText());
            });
        } else {
            return Optional.empty();
        }
        JsonNode question = row.path("question");
        if (!question.isTextual()) {
            throw new IllegalArgumentException("the field question is missing");
        }
        return Optional.of(new Question(question.textValue(), choices, place(answer(row), labels, choices)));
    }

    private static JsonNode answer(JsonNode row) {
        for (String name : List.of("answer_idx", "cop", "answer")) {
            if (row.hasNonNull(name)) {
                return row.get(name);
            }
        }
        throw new IllegalArgumentException("the field answer is missing");
    }

    private static int place(JsonNode answer, List<String> labels, List<String> choices) {
        if (answer.isIntegralNumber()) {
            return answer.intValue();
        }
        String word = answer.asText().strip();
        if (labels.contains(word)) {
            return labels.indexOf(word);
        }
        if (choices.contains(word)) {
            return choices.indexOf(word);
        }
        return word.length() == 1 ? Character.toUpperCase(word.charAt(0)) - 'A' : -1;
    }

    /** What the model reads: the question, a line for each choice, and the beginning of the answer. */
    public String prompt() {
        StringBuilder prompt =
                new StringBuilder("Question: ").append(text.strip()).append('\n');
        for (int i = 0; i < choices.size(); i++) {
            prompt.append(letter(i)).append(". ").append(choices.get(i).strip()).append('\n');
        }
        return prompt.append("Answer:").toString();
    }

    /** The letters, as they stand behind the prompt. */
    public List<String> continuations() {
        List<String> letters = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            letters.add(" " + letter(i));
        }
        return letters;
    }

    /** What a choice is called. */
    public static String letter(int choice) {
        return String.valueOf((char) ('A' + choice));
    }
}
