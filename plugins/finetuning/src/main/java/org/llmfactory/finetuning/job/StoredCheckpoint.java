package org.llmfactory.finetuning.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/**
 * A checkpoint that was registered as an adapter.
 *
 * @param created milliseconds since 1970
 * @param adapter id of the adapter
 * @param digest of the adapter
 * @param prefix where the object store holds its files until the job has ended
 * @param metrics in OpenAI's words
 */
public record StoredCheckpoint(
        int step, String id, long created, String adapter, String digest, String prefix, ObjectNode metrics) {
    /** What OpenAI calls the loss over all of the validation data. */
    public static final String VALIDATION_LOSS = "full_valid_loss";

    /** The loss over all of the validation data; empty when it was not measured. */
    public OptionalDouble validationLoss() {
        JsonNode loss = metrics.path(VALIDATION_LOSS);
        return loss.isNumber() ? OptionalDouble.of(loss.doubleValue()) : OptionalDouble.empty();
    }
}
