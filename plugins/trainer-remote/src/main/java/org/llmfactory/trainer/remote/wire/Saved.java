package org.llmfactory.trainer.remote.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.StepReport;

/** A {@link Checkpoint} in a message. */
public record Saved(int step, String prefix, StepReport training, Checkpoint.@Nullable Evaluation validation) {
    public static Saved of(Checkpoint checkpoint) {
        return new Saved(
                checkpoint.step(),
                checkpoint.prefix(),
                checkpoint.training(),
                checkpoint.validation().orElse(null));
    }

    public Checkpoint checkpoint() {
        return new Checkpoint(step, prefix, training, Optional.ofNullable(validation));
    }
}
