package org.llmfactory.finetuning.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.finetuning.job.Event;
import org.llmfactory.finetuning.job.StoredCheckpoint;

/** The figures of a job as a table of comma-separated values, a line for each step. */
public final class Curve {
    private static final List<String> STEP_COLUMNS = List.of(
            "step", "train_loss", "train_mean_token_accuracy", "learning_rate", "gradient_norm", "trained_tokens");
    private static final List<String> EVALUATION_COLUMNS =
            List.of(StoredCheckpoint.VALIDATION_LOSS, "full_valid_mean_token_accuracy");

    private Curve() {}

    /** The table with its heading; what was not measured after a step is left empty. */
    public static String csv(List<Event.Entered> events, List<StoredCheckpoint> checkpoints) {
        Map<Integer, JsonNode> evaluations = new HashMap<>();
        checkpoints.forEach(checkpoint -> evaluations.put(checkpoint.step(), checkpoint.metrics()));
        StringBuilder csv = new StringBuilder(String.join(",", STEP_COLUMNS))
                .append(',')
                .append(String.join(",", EVALUATION_COLUMNS))
                .append('\n');
        for (Event.Entered entered : events) {
            Event event = entered.event();
            if (event.step() != null) {
                STEP_COLUMNS.forEach(
                        column -> csv.append(event.data().path(column).asText()).append(','));
                JsonNode evaluation = evaluations.get(event.step());
                csv.append(value(evaluation, EVALUATION_COLUMNS.get(0)))
                        .append(',')
                        .append(value(evaluation, EVALUATION_COLUMNS.get(1)))
                        .append('\n');
            }
        }
        return csv.toString();
    }

    private static String value(@Nullable JsonNode figures, String name) {
        return figures == null ? "" : figures.path(name).asText();
    }
}
