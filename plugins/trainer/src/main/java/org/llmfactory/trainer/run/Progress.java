package org.llmfactory.trainer.run;

import java.util.Optional;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.StepReport;

/**
 * How far a run has come; stored with its state.
 *
 * @param step steps done
 * @param trainedTokens tokens of all steps so far
 * @param bestLoss the lowest validation loss, infinite before the first evaluation
 * @param worse evaluations since it was found
 * @param checkpoint the newest one
 */
record Progress(int step, long trainedTokens, double bestLoss, int worse, Optional<Checkpoint> checkpoint) {
    static final Progress START = new Progress(0, 0, Double.POSITIVE_INFINITY, 0, Optional.empty());

    Progress after(StepReport report) {
        return new Progress(report.step(), report.trainedTokens(), bestLoss, worse, checkpoint);
    }

    /** With a checkpoint; one without validation is neither better nor worse. */
    Progress saved(Checkpoint next) {
        double loss = next.validation().map(Checkpoint.Evaluation::loss).orElse(Double.POSITIVE_INFINITY);
        boolean better = loss < bestLoss;
        int now = better ? 0 : next.validation().isPresent() ? worse + 1 : worse;
        return new Progress(step, trainedTokens, better ? loss : bestLoss, now, Optional.of(next));
    }
}
