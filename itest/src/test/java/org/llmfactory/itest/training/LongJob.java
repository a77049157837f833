package org.llmfactory.itest.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.errors.OpenAIServiceException;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJob.Status;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A job of some seconds, in the middle of which something happens.
 *
 * @param tuner whose it is
 * @param id of the job
 */
public record LongJob(Tuner tuner, String id) {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final int CONVERSATIONS = 20;
    private static final int EPOCHS = 10;
    private static final int STEPS = CONVERSATIONS * EPOCHS;
    private static final int CHECKPOINTS = 10;
    private static final String AGAIN = "The job failed and is tried again: ";

    /** Orders one. */
    public static LongJob order(Tuner tuner) {
        return new LongJob(
                tuner,
                tuner.start(tuner.order(CONVERSATIONS, EPOCHS, CHECKPOINTS)).id());
    }

    /** Waits until a good part is done, and most is not. */
    public LongJob underWay() {
        tuner.await(id, now -> Tuner.step(now) > STEPS / 4);
        return this;
    }

    /** Waits until it has failed and is to be tried again, for want of the object store. */
    public void awaitWantOfStore() {
        await().atMost(DEADLINE)
                .until(() -> tuner.messages(id).stream().anyMatch(message -> message.startsWith(AGAIN)));
        assertThat(tuner.messages(id))
                .filteredOn(message -> message.startsWith(AGAIN))
                .first()
                .asString()
                .contains("object store");
    }

    /** Nobody can upload a file while the object store is away, and hears why. */
    public void assertUploadsAreRefused() {
        assertThatThrownBy(() -> tuner.upload("more.jsonl", Tuner.conversations(2)))
                .isInstanceOfSatisfying(OpenAIServiceException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(503);
                    assertThat(e.getMessage()).contains("object store");
                });
    }

    /** Waits for its end, which is a success with each step and each checkpoint once, and a model that answers. */
    public void assertComplete() {
        FineTuningJob job = tuner.awaitEnd(id);
        assertThat(job.status()).as(job.toString()).isEqualTo(Status.SUCCEEDED);
        assertThat(tuner.checkpoints(id, 100))
                .extracting(FineTuningJobCheckpoint::stepNumber)
                .containsExactlyElementsOf(LongStream.range(0, CHECKPOINTS)
                        .mapToObj(evaluation -> STEPS * (CHECKPOINTS - evaluation) / CHECKPOINTS)
                        .toList());
        assertThat(tuner.messages(id).stream().filter(message -> message.startsWith("Step ")))
                .hasSize(STEPS)
                .doesNotHaveDuplicates();
        assertThat(tuner.ask(job.fineTunedModel().orElseThrow())).isNotEmpty();
    }

    /** Waits until no file in a folder has one of these parts in its path. */
    public static void awaitNoFile(Path folder, String... parts) {
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(files(folder))
                        .noneMatch(file -> Stream.of(parts).anyMatch(file::contains)));
    }

    private static Stream<String> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).map(Path::toString).toList().stream();
        }
    }
}
