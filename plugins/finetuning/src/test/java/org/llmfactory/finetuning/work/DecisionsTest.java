package org.llmfactory.finetuning.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.finetuning.job.JobRequest;

final class DecisionsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1, 25, 1", "10, 10, 1", "34, 3, 1", "200, 3, 4", "5000, 3, 16", "20000, 1, 16", "1000000, 1, 16"})
    void epochsAndBatchesFollowFromTheExamples(int examples, int epochs, int batchSize) {
        try (TrainingSite site = new TrainingSite(folder)) {
            Hyperparameters decided = Decisions.decide(site.request(0), examples);

            assertThat(decided.epochs()).isEqualTo(epochs);
            assertThat(decided.batchSize()).isEqualTo(batchSize);
        }
    }

    @Test
    void theRestIsWhatLoraUsuallyTakes() {
        try (TrainingSite site = new TrainingSite(folder)) {
            Hyperparameters decided = Decisions.decide(site.request(0), 100);

            assertThat(decided.learningRate()).isEqualTo(2e-4);
            assertThat(decided.maxLength()).isEqualTo(2048);
            assertThat(decided.lora().rank()).isEqualTo(16);
            assertThat(decided.lora().alpha()).isEqualTo(32);
            assertThat(decided.warmupRatio()).isEqualTo(0.03);
        }
    }

    @Test
    void aSingleStepIsNoWarmUp() {
        try (TrainingSite site = new TrainingSite(folder)) {
            JobRequest request = site.request(0);
            JobRequest.Wanted one = new JobRequest.Wanted(
                    1, 4, null, null, null, null, null, null, null, null, null, null, null, null, null, false, false);
            JobRequest once = new JobRequest(
                    request.model(),
                    request.baseDigest(),
                    request.contextLength(),
                    request.trainingFile(),
                    null,
                    request.suffix(),
                    request.seed(),
                    0,
                    request.metadata(),
                    null,
                    request.stage(),
                    one);

            assertThat(Decisions.decide(once, 4).warmupRatio()).isZero();
            assertThat(Decisions.decide(once, 5).warmupRatio()).isEqualTo(0.03);
        }
    }
}
