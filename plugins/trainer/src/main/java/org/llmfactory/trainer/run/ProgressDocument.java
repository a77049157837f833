package org.llmfactory.trainer.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.StepReport;

/** A {@link Progress} as JSON. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProgressDocument(
        int step,
        long trainedTokens,
        @Nullable Double bestLoss,
        int worse,
        @Nullable CheckpointDocument checkpoint) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** A {@link Checkpoint} as JSON. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CheckpointDocument(
            String prefix,
            StepReport training,
            @Nullable Double validLoss,
            @Nullable Double validAccuracy) {
        static CheckpointDocument of(Checkpoint checkpoint) {
            return new CheckpointDocument(
                    checkpoint.prefix(),
                    checkpoint.training(),
                    checkpoint.validation().map(Checkpoint.Evaluation::loss).orElse(null),
                    checkpoint.validation().map(Checkpoint.Evaluation::accuracy).orElse(null));
        }

        Checkpoint checkpoint() {
            Optional<Checkpoint.Evaluation> validation = validLoss == null || validAccuracy == null
                    ? Optional.empty()
                    : Optional.of(new Checkpoint.Evaluation(validLoss, validAccuracy));
            return new Checkpoint(training.step(), prefix, training, validation);
        }
    }

    static byte[] write(Progress progress) throws IOException {
        return MAPPER.writeValueAsBytes(new ProgressDocument(
                progress.step(),
                progress.trainedTokens(),
                Double.isFinite(progress.bestLoss()) ? progress.bestLoss() : null,
                progress.worse(),
                progress.checkpoint().map(CheckpointDocument::of).orElse(null)));
    }

    static Progress read(byte[] json) throws IOException {
        ProgressDocument document = MAPPER.readValue(json, ProgressDocument.class);
        return new Progress(
                document.step,
                document.trainedTokens,
                document.bestLoss == null ? Double.POSITIVE_INFINITY : document.bestLoss,
                document.worse,
                Optional.ofNullable(document.checkpoint).map(CheckpointDocument::checkpoint));
    }
}
