package org.llmfactory.finetuning.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.file.testing.InMemoryFileCatalog;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.api.training.Stage;
import org.llmfactory.api.training.testing.ScriptedTrainer;
import org.llmfactory.api.training.testing.TrainingScript;
import org.llmfactory.database.testing.CleanDatabase;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.finetuning.job.Status;

/** A database, a store and a registry, shared by any number of agents of a test. */
public final class TrainingSite implements AutoCloseable {
    /** Until when everything has happened. */
    public static final Duration DEADLINE = Duration.ofSeconds(20);

    static final Duration LEASE = Duration.ofMillis(400);

    public final CleanDatabase database = new CleanDatabase("training_turn");
    public final InMemoryObjectStore store = new InMemoryObjectStore();
    public final InMemoryFileCatalog files = new InMemoryFileCatalog(store);
    public final InMemoryLedger ledger = new InMemoryLedger();
    public final InMemoryProjects projects = new InMemoryProjects();
    public final Model model = StubLocalModel.of("tiny");
    public final InMemoryAdapterRegistry registry = new InMemoryAdapterRegistry(model.info());
    private final Path scratch;
    private final List<FineTuning> agents = new ArrayList<>();
    private final List<TrainingScript> scripts = new ArrayList<>();

    public TrainingSite(Path scratch) {
        this.scratch = scratch;
    }

    /** An agent without a trainer. */
    public FineTuning agent() {
        FineTuning agent = new FineTuning(
                database,
                store,
                registry,
                ledger,
                projects,
                scratch.resolve("agent-" + agents.size()),
                LEASE,
                2,
                Duration.ofMillis(50),
                Duration.ofMillis(20));
        agents.add(agent);
        agent.addModel(model);
        agent.setFiles(files);
        return agent;
    }

    public ScriptedTrainer trainer(TrainingScript script) {
        scripts.add(script);
        return new ScriptedTrainer(Set.of(model.info().digest()), 2, script);
    }

    /** A file of four examples. */
    public FileInfo file() {
        return files.add(
                new FileCatalog.Label(Caller.DEFAULT_PROJECT, "user-1", "data.jsonl", "fine-tune"),
                new ByteArrayInputStream("{}\n{}\n\n{}\n{}".getBytes(UTF_8)));
    }

    JobRequest request(int priority) {
        return new JobRequest(
                "tiny",
                model.info().digest(),
                4096,
                file().id(),
                null,
                "haiku",
                1,
                priority,
                Map.of(),
                null,
                Stage.SUPERVISED,
                new JobRequest.Wanted(
                        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, false,
                        false));
    }

    Job order(FineTuning agent) {
        return agent.jobs().create(Caller.DEFAULT_PROJECT, "user-1", request(0), Actor.system());
    }

    /** Waits until a job is in a state, and nobody works on it any more. */
    public Job awaitStatus(FineTuning agent, String id, Status status) {
        await().atMost(DEADLINE)
                .until(() -> agent.jobs()
                        .find(id)
                        .filter(job -> job.status() == status && (status == Status.RUNNING || job.holder() == null))
                        .isPresent());
        return agent.jobs().find(id).orElseThrow();
    }

    void awaitClean() {
        await().atMost(DEADLINE)
                .until(() -> store.list("projects/" + Caller.DEFAULT_PROJECT + "/training")
                        .isEmpty());
    }

    List<String> adapters() {
        return registry.list().stream().map(AdapterInfo::name).sorted().toList();
    }

    static List<String> messages(FineTuning agent, String job) {
        return agent.jobs().events(job).stream()
                .map(entered -> entered.event().message())
                .toList();
    }

    @Override
    public void close() {
        // Agents wait for their runs.
        scripts.forEach(TrainingScript::open);
        agents.forEach(FineTuning::close);
        database.close();
    }
}
