package org.llmfactory.evaluation.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.api.completion.Completions;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.file.testing.InMemoryFileCatalog;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryDirectory;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.project.testing.InMemoryPresets;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.database.testing.CleanDatabase;
import org.llmfactory.evaluation.Measurements;

/** A database and a store, shared by any number of agents of a test. */
public final class EvaluationSite implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    public final CleanDatabase database = new CleanDatabase();
    public final InMemoryObjectStore store = new InMemoryObjectStore();
    public final InMemoryFileCatalog files = new InMemoryFileCatalog(store);
    public final InMemoryLedger ledger = new InMemoryLedger();
    public final InMemoryPresets presets = new InMemoryPresets();
    public final InMemoryDirectory directory = new InMemoryDirectory();
    private final List<Measurements> agents = new ArrayList<>();

    public EvaluationSite() {
        directory.join("user-1", Caller.DEFAULT_PROJECT, ProjectRole.MEMBER);
    }

    /** An agent that asks these models. */
    public Measurements agent(Completions completions) {
        return agent(completions, Duration.ofMillis(600));
    }

    /** An agent whose word counts for so long when it is gone. */
    Measurements agent(Completions completions, Duration lease) {
        Measurements agent = new Measurements(database, store, ledger, 2, 3, lease, Duration.ofMillis(50));
        agents.add(agent);
        agent.setDirectory(directory);
        agent.setFiles(files);
        agent.setPresets(presets);
        agent.setCompletions(completions);
        return agent;
    }

    public FileInfo file(String content) {
        return files.add(
                new FileCatalog.Label(Caller.DEFAULT_PROJECT, "user-1", "rows.jsonl", "evals"),
                new ByteArrayInputStream(content.getBytes(UTF_8)));
    }

    /** Waits for the end of a run. */
    public Run awaitEnd(Measurements agent, String run) {
        await().atMost(DEADLINE)
                .until(() -> agent.evaluations().run(run).orElseThrow().status().isEnd());
        return agent.evaluations().run(run).orElseThrow();
    }

    @Override
    public void close() {
        agents.forEach(Measurements::close);
        database.close();
    }
}
