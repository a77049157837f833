package org.llmfactory.evaluation;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.completion.Completions;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.project.Presets;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.database.Database;
import org.llmfactory.evaluation.mixture.MixtureStore;
import org.llmfactory.evaluation.mixture.MixtureWork;
import org.llmfactory.evaluation.model.Models;
import org.llmfactory.evaluation.model.Surroundings;
import org.llmfactory.evaluation.run.Evaluations;
import org.llmfactory.evaluation.run.RunQueue;
import org.llmfactory.evaluation.run.RunWork;
import org.llmfactory.evaluation.work.Leases;
import org.llmfactory.evaluation.work.Workers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Evaluation on this agent: the runs of the database, and those who work on them while models can be asked here. */
@Component(service = Measurements.class, immediate = true, configurationPid = "org.llmfactory.evaluation")
@Designate(ocd = Measurements.Config.class)
public final class Measurements {
    /** How runs are worked on. */
    @ObjectClassDefinition(name = "LLM Factory: evaluation")
    public @interface Config {
        @AttributeDefinition(description = "Runs that this agent works on at a time")
        int runs() default 2;

        @AttributeDefinition(description = "Rows of a run that are measured side by side")
        int rowsPerRun() default 4;

        @AttributeDefinition(description = "Seconds after which the run of an agent that is gone goes on elsewhere")
        int leaseSeconds() default 30;

        @AttributeDefinition(description = "How often the queue is looked at, in milliseconds")
        int pollMilliseconds() default 2000;
    }

    private static final int RENEWALS_PER_LEASE = 4;

    private final Surroundings surroundings = new Surroundings();
    private final Evaluations evaluations;
    private final MixtureStore mixtures;
    private final List<Workers<?>> workers;
    private final ObjectStore store;

    @Activate
    public Measurements(
            Config config, @Reference Database database, @Reference ObjectStore store, @Reference Ledger ledger) {
        this(
                database,
                store,
                ledger,
                config.runs(),
                config.rowsPerRun(),
                Duration.ofSeconds(config.leaseSeconds()),
                Duration.ofMillis(config.pollMilliseconds()));
    }

    /** As the container does it, with other paces. */
    public Measurements(
            Database database, ObjectStore store, Ledger ledger, int runs, int rows, Duration lease, Duration poll) {
        if (runs < 1 || rows < 1 || !isPositive(lease) || !isPositive(poll)) {
            throw new IllegalArgumentException(
                    "runs, rowsPerRun, leaseSeconds and pollMilliseconds must be at least 1.");
        }
        Jdbi tables = database.open("evaluation", Measurements.class);
        Clock clock = Clock.systemUTC();
        this.store = store;
        Leases leases = new Leases("evaluation_run", clock, lease);
        this.evaluations = new Evaluations(tables, leases, ledger, store, clock);
        RunQueue queue = new RunQueue(tables, leases, clock);
        RunWork work = new RunWork(evaluations, queue, store, surroundings, clock);
        this.mixtures = new MixtureStore(tables, ledger, clock, lease);
        MixtureWork search = new MixtureWork(mixtures, store, surroundings);
        Duration renewal = lease.dividedBy(RENEWALS_PER_LEASE);
        this.workers = List.of(
                new Workers<>("evaluation", work, runs, rows, poll, renewal),
                new Workers<>("mixture", search, 1, rows, poll, renewal));
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void setCompletions(Completions completions) {
        surroundings.completions().bind(completions);
        wake();
    }

    public void unsetCompletions(Completions completions) {
        surroundings.completions().unbind(completions);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void setFiles(FileCatalog files) {
        surroundings.files().bind(files);
        wake();
    }

    public void unsetFiles(FileCatalog files) {
        surroundings.files().unbind(files);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void setDirectory(Directory directory) {
        surroundings.directory().bind(directory);
        wake();
    }

    public void unsetDirectory(Directory directory) {
        surroundings.directory().unbind(directory);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void setPresets(Presets presets) {
        surroundings.presets().bind(presets);
        wake();
    }

    public void unsetPresets(Presets presets) {
        surroundings.presets().unbind(presets);
    }

    public Evaluations evaluations() {
        return evaluations;
    }

    public MixtureStore mixtures() {
        return mixtures;
    }

    /** Models for a caller who waits for them: what is refused for the moment is not asked again. */
    public Models models(Caller caller) {
        return surroundings.models(caller).impatient();
    }

    /** Where rows and answers lie. */
    public ObjectStore store() {
        return store;
    }

    /**
     * The files.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} while they are away
     */
    public FileCatalog files() {
        return surroundings.files().require("The files are away at present.");
    }

    /** There may be something to do now. */
    public void wake() {
        workers.forEach(Workers::wake);
    }

    @Deactivate
    public void close() {
        workers.forEach(Workers::close);
    }

    /** Stops as a process does that is killed. */
    public void drop() {
        workers.forEach(Workers::drop);
    }
}
