package org.llmfactory.trainer.run;

import org.llmfactory.api.training.Hyperparameters;

/** The learning rate of each step: up from 0 over the warm-up, then down as the schedule says, to 0 after the last step. */
final class LearningRate {
    private final double highest;
    private final Hyperparameters.Schedule schedule;
    private final int warmup;
    private final int steps;

    LearningRate(Hyperparameters hyperparameters, int steps) {
        this.highest = hyperparameters.learningRate();
        this.schedule = hyperparameters.schedule();
        this.warmup = (int) Math.ceil(steps * hyperparameters.warmupRatio());
        this.steps = steps;
    }

    /**
     * As {@code transformers}' schedules have it, whose first step is 0.
     *
     * @param step 1 for the first
     */
    double at(int step) {
        int done = step - 1;
        if (done < warmup) {
            return highest * done / warmup;
        }
        double progress = (double) (done - warmup) / Math.max(1, steps - warmup);
        return switch (schedule) {
            case CONSTANT -> highest;
            case LINEAR -> highest * (1 - progress);
            case COSINE -> highest * 0.5 * (1 + Math.cos(Math.PI * progress));
        };
    }
}
