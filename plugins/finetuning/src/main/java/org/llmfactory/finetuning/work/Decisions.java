package org.llmfactory.finetuning.work;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.api.training.Stage;
import org.llmfactory.finetuning.job.JobRequest;

/** Decides what was left to the platform; the README says how. */
public final class Decisions {
    /** The learning rate that a multiplier of 1 means, for conversations and text. */
    public static final double BASE_RATE = 2e-4;

    /** The learning rate that a multiplier of 1 means, for preferences. */
    public static final double BASE_PREFERENCE_RATE = 2e-5;

    private static final int USUAL_EPOCHS = 3;
    private static final int FEW_EXAMPLES = 100;
    private static final int MANY_EXAMPLES = 25_000;
    private static final int MOST_EPOCHS = 25;
    private static final int EXAMPLES_PER_BATCH = 32;
    private static final int LARGEST_BATCH = 16;
    private static final double WARM_UP = 0.03;
    private static final int USUAL_LENGTH = 2048;
    private static final int MOST_EVALUATIONS = 3;

    private Decisions() {}

    /** All values of a run over so many examples. */
    public static Hyperparameters decide(JobRequest request, int examples) {
        JobRequest.Wanted wanted = request.wanted();
        int epochs = or(wanted.epochs(), epochs(request.stage(), examples));
        LoraParameters usual = LoraParameters.defaults();
        int batchSize = or(wanted.batchSize(), batchSize(examples));
        int rank = or(wanted.rank(), usual.rank());
        Set<String> targets = or(wanted.targetModules(), usual.targetModules());
        return new Hyperparameters(
                epochs,
                batchSize,
                or(wanted.learningRate(), baseRate(request.stage()) * or(wanted.multiplier(), 1.0)),
                or(wanted.schedule(), Hyperparameters.Schedule.COSINE),
                or(wanted.warmupRatio(), epochs == 1 && batchSize >= examples ? 0.0 : WARM_UP),
                or(wanted.weightDecay(), 0.0),
                1.0,
                or(wanted.maxLength(), Math.min(USUAL_LENGTH, request.contextLength())),
                request.seed(),
                or(wanted.evaluations(), Math.min(epochs, MOST_EVALUATIONS)),
                or(wanted.patience(), 0),
                or(wanted.beta(), 0.1),
                new LoraParameters(
                        rank,
                        or(wanted.alpha(), 2.0 * rank),
                        targets,
                        or(wanted.dropout(), 0.0),
                        wanted.rankStabilized(),
                        wanted.weightDecomposed()));
    }

    /** What the multiplier of a decided rate is. */
    public static double multiplier(Stage stage, double rate) {
        return rate / baseRate(stage);
    }

    private static double baseRate(Stage stage) {
        return stage == Stage.PREFERENCE ? BASE_PREFERENCE_RATE : BASE_RATE;
    }

    private static int epochs(Stage stage, int examples) {
        if (stage == Stage.PRETRAINING) {
            return 1;
        }
        if (examples * USUAL_EPOCHS < FEW_EXAMPLES) {
            return Math.min(MOST_EPOCHS, (FEW_EXAMPLES + examples - 1) / examples);
        }
        return Math.max(1, Math.min(USUAL_EPOCHS, MANY_EXAMPLES / examples));
    }

    private static int batchSize(int examples) {
        return Math.max(1, Math.min(LARGEST_BATCH, Integer.highestOneBit(examples / EXAMPLES_PER_BATCH)));
    }

    private static <T> T or(@Nullable T wanted, T usual) {
        return wanted == null ? usual : wanted;
    }
}
