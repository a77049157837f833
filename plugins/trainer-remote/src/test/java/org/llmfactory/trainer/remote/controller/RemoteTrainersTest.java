package org.llmfactory.trainer.remote.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentReport.TrainerReport;
import org.llmfactory.api.network.testing.FixedMembership;
import org.llmfactory.api.network.testing.InMemoryDataPlane;
import org.llmfactory.api.network.testing.InMemoryFleet;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.api.training.testing.Heard;
import org.llmfactory.api.training.testing.ScriptedTrainer;
import org.llmfactory.api.training.testing.TrainingScript;
import org.llmfactory.trainer.remote.node.TrainerService;

final class RemoteTrainersTest {
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/controller");
    private static final AgentAddress SHARED = AgentAddress.parse("shared/node-1");
    private static final AgentAddress OWN = AgentAddress.parse("project-1/node-2");

    private final InMemoryDataPlane plane = new InMemoryDataPlane();
    private final InMemoryFleet fleet = new InMemoryFleet();
    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final Heard heard = new Heard();
    private final Map<AgentAddress, Trainer> published = new ConcurrentHashMap<>();
    private RemoteTrainers trainers;

    @BeforeEach
    void start() {
        trainers = new RemoteTrainers(
                (agent, trainer) -> {
                    published.put(agent, trainer);
                    return () -> published.remove(agent);
                },
                plane.of(CONTROLLER),
                CONTROLLER);
        fleet.listen(trainers);
        trainers.setFleet(fleet);
    }

    @AfterEach
    void stop() throws InterruptedException {
        trainers.stop();
        plane.close();
    }

    @Test
    void aRunOnAnotherAgentTellsAndStoresHere() throws Exception {
        Trainer remote = node(SHARED, new ScriptedTrainer(Set.of("tiny"), 2, TrainingScript.of(3, 2)));

        remote.start(Heard.order("anyone"), store, heard);

        assertThat(heard.next(7))
                .containsExactly("planned 1", "step 1", "step 2", "saved 2", "step 3", "saved 3", "COMPLETED");
        assertThat(store.list("runs/1/checkpoints/3")).hasSize(2);
        assertThat(text("runs/1/checkpoints/3/adapter_model.safetensors")).isEqualTo("job at 3");
    }

    @Test
    void whatAnAgentReportsIsWhatItsTrainerTrains() {
        Trainer remote = node(SHARED, new ScriptedTrainer(Set.of("tiny"), 2, TrainingScript.of(1, 1)));

        assertThat(remote.models()).containsExactly("tiny");
        assertThat(remote.capacity()).isEqualTo(2);
        fleet.silence(SHARED);
        await().atMost(Duration.ofSeconds(10)).until(() -> remote.models().isEmpty());
        assertThat(published).containsKey(SHARED);
        fleet.report(SHARED, InMemoryFleet.idleReport(Map.of()));
        await().atMost(Duration.ofSeconds(10)).until(published::isEmpty);
    }

    @Test
    void aHaltedRunLeavesItsStateHere() throws Exception {
        Semaphore gate = new Semaphore(0);
        Trainer remote = node(
                SHARED,
                new ScriptedTrainer(Set.of("tiny"), 2, TrainingScript.of(3, 3).gated(gate)));

        TrainingRun run = remote.start(Heard.order("p"), store, heard);
        assertThat(heard.next(1)).containsExactly("planned 1");
        run.halt();
        gate.release(3);

        assertThat(heard.next(2)).containsExactly("step 1", "HALTED");
        assertThat(text("runs/1/state")).isEqualTo("1");
        remote.start(Heard.order("p"), store, heard);
        gate.release(3);
        assertThat(heard.next(5)).containsExactly("planned 2", "step 2", "step 3", "saved 3", "COMPLETED");
    }

    @Test
    void aFailureKeepsItsWords() throws Exception {
        TrainingScript script = TrainingScript.of(3, 3)
                .failing(new TrainingScript.Fault(2, 1, ErrorCode.INVALID_FILE, "Line 1 is no JSON."));
        Trainer remote = node(SHARED, new ScriptedTrainer(Set.of("tiny"), 2, script));

        remote.start(Heard.order("p"), store, heard);

        assertThat(heard.next(3)).containsExactly("planned 1", "step 1", "failed Line 1 is no JSON.");
    }

    @Test
    void aRunOfAnAgentThatVanishesFailsOnceAsSomethingThatPasses() throws Exception {
        Trainer remote = node(
                SHARED,
                new ScriptedTrainer(Set.of("tiny"), 2, TrainingScript.of(3, 3).gated(new Semaphore(0))));
        remote.start(Heard.order("p"), store, heard);
        assertThat(heard.next(1)).containsExactly("planned 1");

        plane.kill(SHARED);

        assertThat(heard.next(1).get(0)).startsWith("failed The agent shared/node-1 was lost");
    }

    @Test
    void aFullTrainersRefusalIsTheRunsFailure() throws Exception {
        ScriptedTrainer full =
                new ScriptedTrainer(Set.of("tiny"), 1, TrainingScript.of(1, 1).gated(new Semaphore(0)));
        full.start(Heard.order("p"), store, new Heard());
        Trainer remote = node(SHARED, full);

        remote.start(Heard.order("p"), store, heard);

        assertThat(heard.next(1)).containsExactly("failed The trainer is full.");
    }

    @Test
    void aProjectsNodeTrainsForNobodyElse() throws Exception {
        Trainer remote = node(OWN, new ScriptedTrainer(Set.of("tiny"), 2, TrainingScript.of(1, 1)));

        assertThat(remote.worksFor("project-1")).isTrue();
        assertThat(remote.worksFor("project-2")).isFalse();
        assertThatThrownBy(() -> remote.start(Heard.order("project-2"), store, heard))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        remote.start(Heard.order("project-1"), store, heard);
        assertThat(heard.next(4)).containsExactly("planned 1", "step 1", "saved 1", "COMPLETED");
    }

    @Test
    void aNodeSeesNothingButItsRun() throws Exception {
        store.put("projects/other/secret", new ByteArrayInputStream("secret".getBytes(UTF_8)));
        store.put("runs/10/state", new ByteArrayInputStream("other".getBytes(UTF_8)));
        store.put("k", new ByteArrayInputStream("data".getBytes(UTF_8)));
        Trainer remote = node(SHARED, new Curious());

        remote.start(Heard.order("p"), store, heard);

        assertThat(heard.next(1)).containsExactly("failed read: data; refused 7 times");
        assertThat(text("projects/other/secret")).isEqualTo("secret");
        assertThat(text("k")).isEqualTo("data");
    }

    /** Tries what a node that was broken into would try. */
    private static final class Curious implements Trainer {
        @Override
        public Set<String> models() {
            return Set.of("tiny");
        }

        @Override
        public int capacity() {
            return 1;
        }

        @Override
        public TrainingRun start(TrainingOrder order, ObjectStore store, TrainingListener listener) {
            Thread thread = new Thread(() -> {
                try (InputStream in = store.open("k", 0).orElseThrow()) {
                    String read = new String(in.readAllBytes(), UTF_8);
                    List<Attempt> attempts = List.of(
                            () -> store.open("projects/other/secret", 0),
                            () -> store.stat("runs/10/state"),
                            () -> store.list(""),
                            () -> store.put("k", new ByteArrayInputStream(new byte[1])),
                            () -> store.delete("k"),
                            () -> store.deleteAll("runs"),
                            () -> store.put("runs/10/state", new ByteArrayInputStream(new byte[200_000])));
                    int refused = 0;
                    for (Attempt attempt : attempts) {
                        refused += isRefused(attempt) ? 1 : 0;
                    }
                    listener.failed(new FactoryException(
                            ErrorCode.INTERNAL, "read: " + read + "; refused " + refused + " times"));
                } catch (IOException e) {
                    listener.failed(new FactoryException(ErrorCode.INTERNAL, "cannot read", e));
                }
            });
            thread.start();
            return () -> {};
        }

        private interface Attempt {
            Object run() throws IOException;
        }

        private static boolean isRefused(Attempt attempt) throws IOException {
            try {
                attempt.run();
                return false;
            } catch (FactoryException e) {
                return e.code() == ErrorCode.PERMISSION_DENIED;
            }
        }
    }

    private Trainer node(AgentAddress address, Trainer trainer) {
        TrainerService service = new TrainerService(new FixedMembership(address));
        service.addTrainer(trainer);
        plane.offer(address, service);
        AgentReport idle = InMemoryFleet.idleReport(Map.of());
        fleet.report(
                address,
                new AgentReport(
                        idle.feature(),
                        idle.region(),
                        idle.started(),
                        idle.labels(),
                        idle.hardware(),
                        idle.plugins(),
                        idle.engines(),
                        List.of(new TrainerReport(List.copyOf(trainer.models()), trainer.capacity())),
                        idle.load()));
        await().atMost(Duration.ofSeconds(10)).until(() -> published.containsKey(address));
        return published.get(address);
    }

    private String text(String key) throws IOException {
        try (InputStream in = store.open(key, 0).orElseThrow()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
