package org.llmfactory.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.datasets.Message;
import org.llmfactory.datasets.Row;
import org.llmfactory.trainer.compute.Sequence;

/**
 * Turns rows into sequences as they are met when the model is served. A conversation is cut where a prompt would end and
 * the assistant begin, and each piece is tokenized by itself, so an answer is learnt behind exactly the tokens that a request
 * would put before it. Of an answer everything counts up to the token that ends it.
 */
final class Encoder {
    private final TextCodec text;
    private final Set<Integer> ends;

    Encoder(TextCodec text) {
        this.text = text;
        this.ends = text.endOfGeneration();
    }

    /** A conversation with its trained answers; empty when nothing of it counts. */
    Optional<Sequence> conversation(Row.Conversation row) {
        Tokens tokens = new Tokens();
        String done = "";
        List<Map<String, Object>> said = new ArrayList<>();
        for (Message message : row.messages()) {
            if (message.trained()) {
                String prompt = render(said, row.tools(), true);
                said.add(message.content());
                String answered = render(said, row.tools(), false);
                if (!prompt.startsWith(done) || !answered.startsWith(prompt)) {
                    throw unfit(row.line());
                }
                tokens.add(text.encode(prompt.substring(done.length()), false), false);
                addAnswer(tokens, answered.substring(prompt.length()));
                done = answered;
            } else {
                said.add(message.content());
            }
        }
        return tokens.toSequence();
    }

    /** The preferred answer and the other one, each behind the prompt. */
    List<Sequence> preference(Row.Preference row) {
        String prompt = render(row.prompt(), row.tools(), true);
        return Stream.of(row.preferred(), row.other())
                .map(answer -> answered(row, prompt, answer))
                .toList();
    }

    private Sequence answered(Row.Preference row, String prompt, List<Map<String, Object>> answer) {
        List<Map<String, Object>> said = new ArrayList<>(row.prompt());
        said.addAll(answer);
        String answered = render(said, row.tools(), false);
        if (!answered.startsWith(prompt)) {
            throw unfit(row.line());
        }
        Tokens tokens = new Tokens();
        tokens.add(text.encode(prompt, false), false);
        addAnswer(tokens, answered.substring(prompt.length()));
        return tokens.toSequence()
                .orElseThrow(() ->
                        new FactoryException(ErrorCode.INVALID_FILE, "line " + row.line() + ": an answer is empty"));
    }

    /** Running text with what the tokenizer puts before a document; every token counts. */
    int[] text(String document) {
        return text.encode(document, true);
    }

    /** The token that ends a document, if the model has one. */
    Optional<Integer> end() {
        return ends.stream().sorted().findFirst();
    }

    private String render(
            List<Map<String, Object>> messages, List<Map<String, Object>> tools, boolean addGenerationPrompt) {
        return messages.isEmpty() ? "" : text.render(new ChatPrompt(messages, tools, addGenerationPrompt, Map.of()));
    }

    private void addAnswer(Tokens tokens, String answer) {
        int[] ids = text.encode(answer, false);
        int length = ids.length;
        for (int i = ids.length - 1; i >= 0; i--) {
            if (ends.contains(ids[i])) {
                length = i + 1;
            }
        }
        tokens.add(Arrays.copyOf(ids, length), true);
        tokens.add(Arrays.copyOfRange(ids, length, ids.length), false);
    }

    private static FactoryException unfit(int line) {
        return new FactoryException(
                ErrorCode.INVALID_FILE,
                "line " + line + ": the model's chat template writes earlier messages differently once they have been"
                        + " answered, so this conversation cannot be trained; train on its last answer alone");
    }

    /** A growing sequence. */
    private static final class Tokens {
        private final List<int[]> pieces = new ArrayList<>();
        private final List<Boolean> marks = new ArrayList<>();

        void add(int[] ids, boolean trained) {
            pieces.add(ids);
            marks.add(trained);
        }

        Optional<Sequence> toSequence() {
            int length = pieces.stream().mapToInt(piece -> piece.length).sum();
            int[] tokens = new int[length];
            boolean[] trained = new boolean[length];
            int at = 0;
            for (int i = 0; i < pieces.size(); i++) {
                for (int id : pieces.get(i)) {
                    tokens[at] = id;
                    trained[at++] = marks.get(i);
                }
            }
            return length == 0
                    ? Optional.empty()
                    : Optional.of(new Sequence(tokens, trained)).filter(sequence -> sequence.trainedTokens() > 0);
        }
    }
}
