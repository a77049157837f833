package org.llmfactory.finetuning.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.rest.Json;

/** What of a job can be searched for, by the names that an order has for it. */
public enum Tunable {
    EPOCHS("n_epochs", "epochs", Kind.WHOLE, 1, 50),
    BATCH_SIZE("batch_size", "batch_size", Kind.WHOLE, 1, 256),
    MULTIPLIER("learning_rate_multiplier", "multiplier", Kind.NUMBER, 1e-6, 1000),
    BETA("beta", "beta", Kind.NUMBER, 1e-6, 2),
    LEARNING_RATE("learning_rate", "learning_rate", Kind.NUMBER, 1e-9, 1),
    SCHEDULE("schedule", "schedule", Kind.WORD, 0, 0),
    WARMUP_RATIO("warmup_ratio", "warmup_ratio", Kind.NUMBER, 0, 1),
    WEIGHT_DECAY("weight_decay", "weight_decay", Kind.NUMBER, 0, 1),
    RANK("lora.rank", "rank", Kind.WHOLE, 1, 256),
    ALPHA("lora.alpha", "alpha", Kind.NUMBER, 1e-3, 4096),
    DROPOUT("lora.dropout", "dropout", Kind.NUMBER, 0, 0.99);

    /** What values are. */
    public enum Kind {
        WHOLE,
        NUMBER,
        WORD
    }

    private final String word;
    private final String field;
    private final Kind kind;
    private final double least;
    private final double greatest;

    Tunable(String word, String field, Kind kind, double least, double greatest) {
        this.word = word;
        this.field = field;
        this.kind = kind;
        this.least = least;
        this.greatest = greatest;
    }

    /** The one that an order calls so. */
    public static Optional<Tunable> of(String word) {
        return Arrays.stream(values())
                .filter(tunable -> tunable.word.equals(word))
                .findFirst();
    }

    /** All names, for people. */
    public static String words() {
        return Arrays.stream(values()).map(Tunable::word).collect(Collectors.joining(", "));
    }

    public String word() {
        return word;
    }

    public Kind kind() {
        return kind;
    }

    public double least() {
        return least;
    }

    public double greatest() {
        return greatest;
    }

    /** An order with this value. */
    JobRequest.Wanted in(JobRequest.Wanted wanted, String value) {
        ObjectNode fields = Json.MAPPER.valueToTree(wanted);
        switch (kind) {
            case WHOLE -> fields.put(field, Math.round(Double.parseDouble(value)));
            case NUMBER -> fields.put(field, Double.parseDouble(value));
            case WORD -> fields.put(field, value);
        }
        return Json.MAPPER.convertValue(fields, JobRequest.Wanted.class);
    }
}
