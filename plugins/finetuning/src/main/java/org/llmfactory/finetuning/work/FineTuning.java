package org.llmfactory.finetuning.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.project.Projects;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.database.Database;
import org.llmfactory.finetuning.job.JobQueue;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.finetuning.search.SearchStore;
import org.llmfactory.finetuning.search.Searcher;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.OptionalService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Fine-tuning on this agent: the jobs of the database, and a worker that takes those whose model a trainer here trains. */
@Component(service = FineTuning.class, immediate = true, configurationPid = "org.llmfactory.finetuning")
@Designate(ocd = FineTuning.Config.class)
public final class FineTuning {
    /** How jobs are worked on. */
    @ObjectClassDefinition(name = "LLM Factory: fine-tuning jobs")
    public @interface Config {
        @AttributeDefinition(description = "Running jobs of a project at most")
        int jobsPerProject() default 4;

        @AttributeDefinition(description = "Seconds after which the job of an agent that is gone goes on elsewhere")
        int leaseSeconds() default 30;

        @AttributeDefinition(description = "How often the queue is looked at, in milliseconds")
        int pollMilliseconds() default 2000;
    }

    private static final Duration BACK_OFF = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int RENEWALS_PER_LEASE = 4;

    private final List<Trainer> trainers = new CopyOnWriteArrayList<>();
    private final List<Model> models = new CopyOnWriteArrayList<>();
    private final Projects projects;
    private final JobStore jobs;
    private final SearchStore searches;
    private final Worker worker;
    private final OptionalService<FileCatalog> files = new OptionalService<>();
    private final OptionalService<PluginManager> plugins = new OptionalService<>();

    @Activate
    public FineTuning(
            Config config,
            @Reference Database database,
            @Reference ObjectStore store,
            @Reference AdapterRegistry registry,
            @Reference Ledger ledger,
            @Reference Projects projects,
            @Reference Home home) {
        this(
                database,
                store,
                registry,
                ledger,
                projects,
                home.cache().resolve("finetuning"),
                Duration.ofSeconds(config.leaseSeconds()),
                config.jobsPerProject(),
                Duration.ofMillis(config.pollMilliseconds()),
                BACK_OFF);
    }

    /** As the container does it, with other paces. */
    FineTuning(
            Database database,
            ObjectStore store,
            AdapterRegistry registry,
            Ledger ledger,
            Projects projects,
            Path scratch,
            Duration lease,
            int quota,
            Duration poll,
            Duration backOff) {
        if (lease.isZero() || lease.isNegative() || quota < 1) {
            throw new IllegalArgumentException("leaseSeconds and jobsPerProject must be at least 1.");
        }
        this.projects = projects;
        Jdbi tables = database.open("finetuning", FineTuning.class);
        Clock clock = Clock.systemUTC();
        this.jobs = new JobStore(tables, database.changes(), ledger, clock);
        JobQueue queue = new JobQueue(tables, ledger, clock, lease, quota);
        Worker.Surroundings surroundings =
                new Worker.Surroundings(() -> List.copyOf(trainers), this::files, this::environment);
        Results results = new Results(jobs, store, registry, scratch);
        results.clear();
        this.searches = new SearchStore(tables, ledger, clock);
        Searcher searcher = new Searcher(searches, jobs, registry);
        this.worker = new Worker(
                store,
                jobs,
                queue,
                results,
                new Validation(jobs, store),
                searcher::run,
                surroundings,
                database.changes(),
                new Worker.Pace(poll, lease.dividedBy(RENEWALS_PER_LEASE), backOff, PATIENCE));
    }

    /** What the record of a run says of the machine and the software; digests are those of the bundles' jars. */
    private JsonNode environment() {
        ObjectNode environment = Json.MAPPER
                .createObjectNode()
                .put("java", System.getProperty("java.version"))
                .put("os", System.getProperty("os.name"))
                .put("architecture", System.getProperty("os.arch"))
                .put("processors", Runtime.getRuntime().availableProcessors());
        ObjectNode bundles = environment.putObject("bundles");
        plugins.get()
                .map(PluginManager::list)
                .orElse(List.of())
                .forEach(bundle -> bundles.putObject(bundle.symbolicName())
                        .put("version", bundle.version())
                        .put("digest", bundle.digest()));
        return environment;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void setPlugins(PluginManager manager) {
        plugins.bind(manager);
    }

    public void unsetPlugins(PluginManager manager) {
        plugins.unbind(manager);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addTrainer(Trainer trainer) {
        trainers.add(trainer);
        worker.wake();
    }

    public void removeTrainer(Trainer trainer) {
        trainers.remove(trainer);
        worker.leave(trainer);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addModel(Model model) {
        models.add(model);
        worker.wake();
    }

    public void removeModel(Model model) {
        models.remove(model);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void setFiles(FileCatalog catalog) {
        files.bind(catalog);
        worker.wake();
    }

    public void unsetFiles(FileCatalog catalog) {
        files.unbind(catalog);
    }

    public Projects projects() {
        return projects;
    }

    public JobStore jobs() {
        return jobs;
    }

    public SearchStore searches() {
        return searches;
    }

    /** There may be something to do now. */
    public void wake() {
        worker.wake();
    }

    /** The base models there are at this moment. */
    public List<Model> models() {
        return List.copyOf(models);
    }

    /** The files, while they are there. */
    public Optional<FileCatalog> files() {
        return files.get();
    }

    @Deactivate
    public void close() {
        worker.close();
    }

    /** Stops as a process does that is killed. */
    void drop() {
        worker.drop();
    }
}
