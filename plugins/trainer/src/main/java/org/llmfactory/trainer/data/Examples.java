package org.llmfactory.trainer.data;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.api.training.Stage;
import org.llmfactory.datasets.DatasetReader;
import org.llmfactory.datasets.Row;
import org.llmfactory.trainer.compute.Sequence;

/**
 * The examples of a dataset.
 *
 * @param all at least one
 * @param cut how many were longer than allowed
 */
public record Examples(List<Example> all, int cut) {
    public Examples {
        all = List.copyOf(all);
    }

    /**
     * Reads a dataset.
     *
     * @param maxLength tokens of an example at most
     * @param maxTokens of the whole dataset at most
     * @throws FactoryException {@code INVALID_FILE} when it cannot be read, does not fit the stage, is too large, or holds
     *     nothing to learn
     */
    public static Examples read(
            Stage stage, String filename, InputStream content, TextCodec text, int maxLength, long maxTokens) {
        Reading reading = new Reading(stage, new Encoder(text), maxLength, maxTokens);
        try (DatasetReader rows = DatasetReader.open(filename, content)) {
            rows.forEachRemaining(reading::add);
        }
        return reading.finish();
    }

    private static final class Reading {
        private final Stage stage;
        private final Encoder encoder;
        private final int maxLength;
        private final long maxTokens;
        private final List<Example> all = new ArrayList<>();
        private List<Sequence> open = new ArrayList<>();
        private int openTokens;
        private long tokens;
        private int cut;

        Reading(Stage stage, Encoder encoder, int maxLength, long maxTokens) {
            this.stage = stage;
            this.encoder = encoder;
            this.maxLength = maxLength;
            this.maxTokens = maxTokens;
        }

        void add(Row row) {
            if (row instanceof Row.Conversation conversation && stage == Stage.SUPERVISED) {
                encoder.conversation(conversation).map(this::shortened).ifPresent(one -> add(List.of(one)));
            } else if (row instanceof Row.Preference preference && stage == Stage.PREFERENCE) {
                add(encoder.preference(preference).stream().map(this::shortened).toList());
            } else if (row instanceof Row.Text running && stage == Stage.PRETRAINING) {
                pack(encoder.text(running.text()));
            } else {
                throw unfit(row);
            }
        }

        private void add(List<Sequence> sequences) {
            if (sequences.stream().allMatch(sequence -> sequence.trainedTokens() > 0)) {
                Example example = new Example(sequences);
                tokens += example.tokens();
                if (tokens > maxTokens) {
                    throw new FactoryException(
                            ErrorCode.INVALID_FILE, "the dataset has more than " + maxTokens + " tokens");
                }
                all.add(example);
            }
        }

        private Sequence shortened(Sequence sequence) {
            if (sequence.length() <= maxLength) {
                return sequence;
            }
            cut++;
            return new Sequence(
                    Arrays.copyOf(sequence.tokens(), maxLength), Arrays.copyOf(sequence.trained(), maxLength));
        }

        /** Fills examples of full length with pieces of text, which do not see each other. */
        private void pack(int[] document) {
            int from = 0;
            while (from < document.length) {
                int to = Math.min(document.length, from + maxLength - openTokens);
                if (to - from > 1) {
                    boolean[] trained = new boolean[to - from];
                    Arrays.fill(trained, true);
                    open.add(new Sequence(Arrays.copyOfRange(document, from, to), trained));
                    openTokens += to - from;
                }
                from = to;
                if (maxLength - openTokens < 2) {
                    closePack();
                }
            }
        }

        private void closePack() {
            if (!open.isEmpty()) {
                add(open);
                open = new ArrayList<>();
                openTokens = 0;
            }
        }

        Examples finish() {
            closePack();
            if (all.isEmpty()) {
                throw new FactoryException(
                        ErrorCode.INVALID_FILE,
                        "the dataset holds nothing to learn: no row has an answer within " + maxLength + " tokens");
            }
            return new Examples(all, cut);
        }

        private FactoryException unfit(Row row) {
            String found = row instanceof Row.Conversation
                    ? "a conversation"
                    : row instanceof Row.Preference ? "a pair of answers" : "running text";
            String wanted = switch (stage) {
                case PRETRAINING -> "running text";
                case SUPERVISED -> "conversations";
                case PREFERENCE -> "pairs of a preferred and another answer";
            };
            return new FactoryException(
                    ErrorCode.INVALID_FILE,
                    "line " + row.line() + " is " + found + ", but this kind of training takes " + wanted);
        }
    }
}
