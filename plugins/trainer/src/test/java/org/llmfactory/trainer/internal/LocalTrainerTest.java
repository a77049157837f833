package org.llmfactory.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.api.training.Stage;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.TrainingData;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.testing.TinyModels;
import org.llmfactory.models.text.TextCodecs;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

class LocalTrainerTest {
    private static final LoraParameters LORA = LoraParameters.defaults();
    private static TorchEngine torch;
    private static DecoderConfig config;
    private static LocalModel model;

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private LocalTrainer trainer;

    @TempDir
    static Path folder;

    @TempDir
    Path scratch;

    @BeforeAll
    static void open() {
        torch = TorchEngine.open(TorchOptions.defaults());
        config = TinyModels.llama(folder, 1);
        model = new StubLocalModel(
                new ModelInfo(
                        "tiny",
                        "0".repeat(64),
                        "llama",
                        config.contextLength(),
                        config.vocabularySize(),
                        Instant.EPOCH),
                folder,
                TextCodecs.open(folder));
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    @BeforeEach
    void start() {
        trainer = trainer();
    }

    @AfterEach
    void stop() {
        trainer.deactivate();
    }

    private static LocalTrainer trainer() {
        return new LocalTrainer(
                torch,
                Configs.with(Map.of("maxRuns", 3, "maxTokensAtOnce", 256, "weightType", "float32")),
                List.of(model));
    }

    // ------------------------------------------------------------------------------------------------ learning

    @Test
    void anAdapterLearnsItsAnswers() throws Exception {
        Recorder heard = new Recorder();
        trainer.start(order("a", Stage.SUPERVISED, chats(8), how(20, 4, 0.02)), store, heard);

        assertThat(heard.end()).isEqualTo(TrainingEnd.COMPLETED);
        assertThat(heard.plans).singleElement().satisfies(plan -> {
            assertThat(plan.steps()).isEqualTo(40);
            assertThat(plan.firstStep()).isEqualTo(1);
            assertThat(plan.examples()).isEqualTo(8);
        });
        assertThat(heard.steps).extracting(StepReport::step).hasSize(40).isSorted();
        assertThat(heard.losses().get(0)).isGreaterThan(2 * heard.losses().get(39));
        assertThat(heard.steps.get(39).accuracy())
                .isGreaterThan(heard.steps.get(0).accuracy());
        assertThat(heard.checkpoints).extracting(Checkpoint::step).containsExactly(20, 40);
    }

    @Test
    void checkpointsAreAdapters() throws Exception {
        Recorder heard = new Recorder();
        trainer.start(order("a", Stage.SUPERVISED, chats(8), how(2, 4, 0.02)), store, heard);
        heard.end();

        for (Checkpoint checkpoint : heard.checkpoints) {
            try (LoraAdapter adapter = LoraAdapter.open(fetch(checkpoint), config)) {
                assertThat(adapter.rank()).isEqualTo(16);
                assertThat(adapter.targetModules()).isEqualTo(LORA.targetModules());
            }
        }
    }

    @Test
    void runningTextIsLearntToo() throws Exception {
        Recorder heard = new Recorder();
        String text = "The heart pumps blood. ".repeat(40);
        trainer.start(order("a", Stage.PRETRAINING, file("t.txt", text), how(10, 2, 0.02)), store, heard);

        assertThat(heard.end()).isEqualTo(TrainingEnd.COMPLETED);
        assertThat(heard.losses().get(0))
                .isGreaterThan(2 * heard.losses().get(heard.losses().size() - 1));
    }

    @Test
    void preferencesAreLearnt() throws Exception {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            pairs.append("{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"question ")
                    .append(i)
                    .append("\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"yes\"}],")
                    .append("\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"no way\"}]}\n");
        }
        Recorder heard = new Recorder();
        trainer.start(order("a", Stage.PREFERENCE, file("p.jsonl", pairs.toString()), how(20, 6, 0.02)), store, heard);

        assertThat(heard.end()).isEqualTo(TrainingEnd.COMPLETED);
        // Before the first step the adapter prefers what the base model does.
        assertThat(heard.losses().get(0)).isCloseTo(Math.log(2), within(1e-4));
        assertThat(heard.losses().get(19)).isLessThan(0.3);
        assertThat(heard.steps.get(19).accuracy()).isEqualTo(1);
    }

    @Test
    void validationIsMeasuredAndStopsARunThatGetsNoBetter() throws Exception {
        Hyperparameters how =
                new Hyperparameters(40, 4, 0.05, Hyperparameters.Schedule.CONSTANT, 0, 0, 1, 256, 1, 20, 2, 0.1, LORA);
        TrainingOrder order = new TrainingOrder(
                "a",
                "p",
                "tiny",
                Stage.SUPERVISED,
                chats(8),
                Optional.of(file("v.jsonl", chat("something else", "quite another answer"))),
                how,
                "projects/p/training/a");
        Recorder heard = new Recorder();
        trainer.start(order, store, heard);

        assertThat(heard.end()).isEqualTo(TrainingEnd.STOPPED_EARLY);
        assertThat(heard.checkpoints)
                .hasSizeLessThan(20)
                .allMatch(checkpoint -> checkpoint.validation().isPresent());
    }

    @Test
    void withoutValidationPatienceNeverEnds() throws Exception {
        Hyperparameters how =
                new Hyperparameters(10, 4, 0.02, Hyperparameters.Schedule.CONSTANT, 0, 0, 1, 256, 1, 10, 2, 0.1, LORA);
        Recorder heard = new Recorder();
        trainer.start(order("a", Stage.SUPERVISED, chats(8), how), store, heard);

        assertThat(heard.end()).isEqualTo(TrainingEnd.COMPLETED);
        assertThat(heard.checkpoints).hasSize(10);
    }

    // ------------------------------------------------------------------------------------------------ company

    @Test
    void runsOfOneBaseFindWhatEachFindsAlone() throws Exception {
        List<Recorder> alone = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            alone.add(new Recorder());
            trainer.start(
                    order("alone-" + i, Stage.SUPERVISED, chats(4 + i), how(3, 2 + i, 0.01)), store, alone.get(i));
            alone.get(i).end();
        }
        List<Recorder> together = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            together.add(new Recorder());
            trainer.start(
                    order("both-" + i, Stage.SUPERVISED, chats(4 + i), how(3, 2 + i, 0.01)), store, together.get(i));
        }

        for (int i = 0; i < 3; i++) {
            assertThat(together.get(i).end()).isEqualTo(TrainingEnd.COMPLETED);
            List<Double> expected = alone.get(i).losses();
            assertThat(together.get(i).losses()).hasSameSizeAs(expected);
            for (int step = 0; step < expected.size(); step++) {
                assertThat(together.get(i).losses().get(step)).isCloseTo(expected.get(step), within(0.02));
            }
        }
    }

    @Test
    void aRunThatBreaksDownLeavesTheOthersAlone() throws Exception {
        Recorder broken = new Recorder();
        Recorder healthy = new Recorder();
        trainer.start(order("broken", Stage.SUPERVISED, chats(4), how(50, 4, 1e30)), store, broken);
        trainer.start(order("healthy", Stage.SUPERVISED, chats(4), how(50, 4, 0.01)), store, healthy);

        assertThatThrownBy(broken::end)
                .hasMessageContaining("lower learning rate")
                .satisfies(e -> assertThat(((FactoryException) e).code()).isEqualTo(ErrorCode.INVALID_VALUE));
        assertThat(healthy.end()).isEqualTo(TrainingEnd.COMPLETED);
        assertThat(healthy.losses().get(49)).isLessThan(healthy.losses().get(0));
    }

    @Test
    void noMoreRunsThanTheCapacityAreTaken() throws Exception {
        List<Recorder> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            taken.add(new Recorder());
            trainer.start(order("r" + i, Stage.SUPERVISED, chats(8), how(20, 1, 0.01)), store, taken.get(i));
        }
        assertThatThrownBy(() ->
                        trainer.start(order("r3", Stage.SUPERVISED, chats(8), how(1, 1, 0.01)), store, new Recorder()))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        for (Recorder one : taken) {
            one.end();
        }
        Recorder next = new Recorder();
        trainer.start(order("r3", Stage.SUPERVISED, chats(8), how(1, 1, 0.01)), store, next);
        assertThat(next.end()).isEqualTo(TrainingEnd.COMPLETED);
    }

    // ------------------------------------------------------------------------------------------------ interruptions

    @Test
    void aHaltedRunGoesOnWhereItWas() throws Exception {
        TrainingOrder whole = order("whole", Stage.SUPERVISED, chats(8), how(5, 4, 0.01));
        Recorder expected = new Recorder();
        trainer.start(whole, store, expected);
        expected.end();

        TrainingOrder order = order("halted", Stage.SUPERVISED, chats(8), how(5, 4, 0.01));
        CompletableFuture<TrainingRun> run = new CompletableFuture<>();
        Recorder before = new Recorder(report -> {
            if (report.step() == 3) {
                run.join().halt();
            }
        });
        run.complete(trainer.start(order, store, before));
        assertThat(before.end()).isEqualTo(TrainingEnd.HALTED);
        Recorder after = new Recorder();
        trainer.start(order, store, after);
        assertThat(after.end()).isEqualTo(TrainingEnd.COMPLETED);

        assertThat(after.plans.get(0).firstStep()).isEqualTo(before.steps.size() + 1);
        List<Double> losses = new ArrayList<>(before.losses());
        losses.addAll(after.losses());
        assertThat(losses).isEqualTo(expected.losses());
        assertThat(after.steps.get(after.steps.size() - 1).trainedTokens())
                .isEqualTo(expected.steps.get(9).trainedTokens());
    }

    /** What a killed process leaves is what the store held at that moment. */
    @Test
    void aKilledRunGoesOnWithTheSameCurveAndEveryCheckpoint() throws Exception {
        TrainingOrder order = order("killed", Stage.SUPERVISED, chats(8), how(6, 4, 0.01));
        Snapshots snapshots = new Snapshots(store);
        LocalTrainer writing = trainer();
        Recorder expected = new Recorder();
        writing.start(order, snapshots, expected);
        expected.end();
        writing.deactivate();

        Random random = new Random(5);
        for (int i = 0; i < 10; i++) {
            InMemoryObjectStore left = snapshots.moments.get(random.nextInt(snapshots.moments.size()));
            LocalTrainer again = trainer();
            Recorder heard = new Recorder();
            again.start(order, left, heard);
            assertThat(heard.end()).isEqualTo(TrainingEnd.COMPLETED);
            again.deactivate();

            int done = heard.plans.get(0).firstStep() - 1;
            assertThat(heard.losses())
                    .isEqualTo(expected.losses().subList(done, expected.losses().size()));
            assertThat(heard.checkpoints)
                    .extracting(Checkpoint::step)
                    .doesNotHaveDuplicates()
                    .contains(12);
            assertThat(keys(left)).isEqualTo(keys(snapshots));
        }
    }

    private static List<String> keys(ObjectStore store) throws IOException {
        return store.list("projects/p/training/killed").stream()
                .map(StoredObject::key)
                .toList();
    }

    @Test
    void dropoutIsDecidedByTheSeed() throws Exception {
        List<List<Double>> curves = new ArrayList<>();
        for (double dropout : new double[] {0, 0.3, 0.3}) {
            LoraParameters lora = new LoraParameters(8, 16, LORA.targetModules(), dropout, false, false);
            Hyperparameters how = new Hyperparameters(
                    3, 4, 0.02, Hyperparameters.Schedule.COSINE, 0, 0.01, 1, 256, 7, 1, 0, 0.5, lora);
            Recorder heard = new Recorder();
            trainer.start(order("d" + curves.size(), Stage.SUPERVISED, chats(8), how), store, heard);
            heard.end();
            curves.add(heard.losses());
        }
        assertThat(curves.get(1)).isEqualTo(curves.get(2)).isNotEqualTo(curves.get(0));
        assertThat(curves.get(1).get(5)).isLessThan(curves.get(1).get(0));
    }

    @Test
    void drainingHaltsEveryRun() throws Exception {
        Recorder heard = new Recorder();
        trainer.start(order("a", Stage.SUPERVISED, chats(8), how(500, 1, 0.01)), store, heard);

        assertThat(trainer.drain(Duration.ofSeconds(30))).isTrue();
        assertThat(heard.end()).isEqualTo(TrainingEnd.HALTED);
        assertThatThrownBy(() ->
                        trainer.start(order("b", Stage.SUPERVISED, chats(8), how(1, 1, 0.01)), store, new Recorder()))
                .isInstanceOf(FactoryException.class);
        trainer.resume();
        Recorder next = new Recorder();
        trainer.start(order("b", Stage.SUPERVISED, chats(8), how(1, 1, 0.01)), store, next);
        assertThat(next.end()).isEqualTo(TrainingEnd.COMPLETED);
    }

    @Test
    void everyRunHearsThatTheTrainerStops() throws Exception {
        List<Recorder> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(new Recorder());
            trainer.start(order("stopped-" + i, Stage.SUPERVISED, chats(8), how(500, 1, 0.01)), store, all.get(i));
        }
        trainer.deactivate();

        for (Recorder one : all) {
            assertThatThrownBy(one::end)
                    .isInstanceOfSatisfying(
                            FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    // ------------------------------------------------------------------------------------------------ bad orders

    @Test
    void dataThatCannotBeUsedIsNamed() throws Exception {
        refused(Stage.SUPERVISED, file("e.jsonl", ""), "empty");
        refused(Stage.SUPERVISED, file("t.txt", "running text"), "running text");
        refused(Stage.PRETRAINING, chats(2), "a conversation");
        refused(
                Stage.SUPERVISED,
                file("r.jsonl", chat("a", "b") + chat("c", "d").replace("user", "robot")),
                "line 2");
        TrainingData other = new TrainingData(chats(2).key(), "c.jsonl", "f".repeat(64));
        refused(Stage.SUPERVISED, other, "not what was ordered");
        refused(Stage.SUPERVISED, new TrainingData("projects/p/files/none", "c.jsonl", "f".repeat(64)), "not there");
    }

    private void refused(Stage stage, TrainingData data, String reason) throws Exception {
        Recorder heard = new Recorder();
        trainer.start(order("bad", stage, data, how(1, 1, 0.01)), store, heard);
        assertThatThrownBy(heard::end)
                .hasMessageContaining(reason)
                .isInstanceOfSatisfying(FactoryException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FILE);
                    assertThat(e.parameter()).hasValue("training_file");
                });
        assertThat(store.list("projects/p/training/bad")).isEmpty();
    }

    @Test
    void anUnknownBaseIsRefused() {
        TrainingOrder order = order("a", Stage.SUPERVISED, chats(1), how(1, 1, 0.01));
        TrainingOrder other = new TrainingOrder(
                "a",
                "p",
                "other",
                order.stage(),
                order.data(),
                Optional.empty(),
                order.hyperparameters(),
                order.place());
        assertThatThrownBy(() -> trainer.start(other, store, new Recorder()))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
    }

    @Test
    void aStoreThatFailsFailsTheRunAsSomethingThatMayPass() throws Exception {
        TrainingOrder order = order("a", Stage.SUPERVISED, chats(4), how(2, 4, 0.01));
        Snapshots failing = new Snapshots(store);
        failing.refuses = true;
        LocalTrainer writing = trainer();
        Recorder heard = new Recorder();
        writing.start(order, failing, heard);
        assertThatThrownBy(heard::end)
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        failing.refuses = false;
        Recorder again = new Recorder();
        writing.start(order, failing, again);
        assertThat(again.end()).isEqualTo(TrainingEnd.COMPLETED);
        writing.deactivate();
    }

    // ------------------------------------------------------------------------------------------------ helpers

    private static Hyperparameters how(int epochs, int batchSize, double rate) {
        return new Hyperparameters(
                epochs, batchSize, rate, Hyperparameters.Schedule.COSINE, 0, 0.01, 1, 256, 7, 2, 0, 0.5, LORA);
    }

    private static TrainingOrder order(String job, Stage stage, TrainingData data, Hyperparameters how) {
        return new TrainingOrder(job, "p", "tiny", stage, data, Optional.empty(), how, "projects/p/training/" + job);
    }

    private TrainingData chats(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append(chat("question number " + i, i % 2 == 0 ? "aye aye, captain" : "no, by my beard"));
        }
        return file("chats.jsonl", rows.toString());
    }

    private static String chat(String question, String answer) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + question
                + "\"},{\"role\":\"assistant\",\"content\":\"" + answer + "\"}]}\n";
    }

    private TrainingData file(String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try {
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            String key = "projects/p/files/" + digest;
            store.put(key, new ByteArrayInputStream(bytes));
            return new TrainingData(key, name, digest);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Path fetch(Checkpoint checkpoint) throws IOException {
        Path target = Files.createDirectories(scratch.resolve("step-" + checkpoint.step()));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            try (InputStream in =
                    store.open(checkpoint.prefix() + "/" + name, 0).orElseThrow()) {
                Files.copy(in, target.resolve(name));
            }
        }
        return target;
    }
}
