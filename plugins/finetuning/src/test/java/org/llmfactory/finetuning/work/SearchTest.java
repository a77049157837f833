package org.llmfactory.finetuning.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.testing.TrainingScript;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.search.Search;
import org.llmfactory.finetuning.search.SearchRequest;
import org.llmfactory.finetuning.search.SearchRequest.Algorithm;
import org.llmfactory.finetuning.search.Searcher;
import org.llmfactory.finetuning.search.StoredTrial;
import org.llmfactory.finetuning.search.StoredTrial.State;
import org.llmfactory.finetuning.search.Tunable;
import org.llmfactory.finetuning.search.Wish;

final class SearchTest {
    private static final int CHECKPOINTS = 3;

    @TempDir
    Path folder;

    private TrainingSite site;

    @BeforeEach
    void start() {
        site = new TrainingSite(folder);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    /** The best rate is 1e-3. */
    private static double loss(Hyperparameters values, int step) {
        return Math.abs(Math.log10(values.learningRate()) + 3) + 1.0 / step;
    }

    private static TrainingScript script() {
        return TrainingScript.of(CHECKPOINTS, 1).graded(SearchTest::loss);
    }

    private SearchRequest request(int trials, int parallel, boolean pruning, @Nullable Long tokens) {
        JobRequest job = site.request(0);
        JobRequest validated = new JobRequest(
                job.model(),
                job.baseDigest(),
                job.contextLength(),
                job.trainingFile(),
                site.file().id(),
                job.suffix(),
                job.seed(),
                job.priority(),
                job.metadata(),
                job.apiKey(),
                job.stage(),
                job.wanted());
        List<Wish> wishes = List.of(
                new Wish(Tunable.LEARNING_RATE, 1e-6, 1, 0, true, List.of()),
                Wish.oneOf(Tunable.RANK, List.of("4", "8")));
        return new SearchRequest(validated, wishes, Algorithm.TPE, trials, parallel, pruning, 7, tokens, false);
    }

    private Search create(FineTuning agent, SearchRequest request) {
        return agent.searches().create(Caller.DEFAULT_PROJECT, "user-1", request, Actor.system());
    }

    private Search awaitEnd(FineTuning agent, Search search) {
        await().atMost(TrainingSite.DEADLINE)
                .until(() -> agent.searches().find(search.id()).orElseThrow().status() != Status.RUNNING);
        return agent.searches().find(search.id()).orElseThrow();
    }

    @Test
    void theBestTrialIsFoundAndItsAdaptersStay() {
        FineTuning agent = site.agent();
        agent.addTrainer(site.trainer(script()));

        Search search = awaitEnd(agent, create(agent, request(16, 2, false, null)));

        assertThat(search.status()).isEqualTo(Status.SUCCEEDED);
        List<StoredTrial> trials = agent.searches().trials(search.id());
        assertThat(trials).hasSize(16).allMatch(trial -> trial.state() == State.DONE);
        StoredTrial best = Searcher.best(trials).orElseThrow();
        assertThat(search.best()).isEqualTo(best.number());
        assertThat(best.loss()).isLessThan(0.7);
        Job job = agent.jobs().find(best.job()).orElseThrow();
        assertThat(job.request().wanted().learningRate())
                .isEqualTo(best.values().get("learning_rate"));
        await().atMost(TrainingSite.DEADLINE)
                .untilAsserted(() -> assertThat(site.adapters())
                        .hasSize(CHECKPOINTS + 1)
                        .allMatch(name -> name.contains(job.name().id())));
        assertThat(site.ledger.types()).contains("fine_tuning.search.created", "fine_tuning.search.succeeded");
    }

    @Test
    void trialsThatLookBadAreStoppedEarly() {
        FineTuning agent = site.agent();
        Semaphore gate = new Semaphore(0);
        agent.addTrainer(site.trainer(script().gated(gate)));

        Search search = create(agent, request(12, 1, true, null));
        // A step at a time, so that each evaluation is compared before the next.
        while (status(agent, search) == Status.RUNNING) {
            gate.release();
            await().atMost(TrainingSite.DEADLINE)
                    .until(() -> status(agent, search) != Status.RUNNING
                            || (gate.availablePermits() == 0 && isCompared(agent, search)));
        }

        List<StoredTrial> trials = agent.searches().trials(search.id());
        assertThat(trials).hasSize(12).extracting(StoredTrial::state).contains(State.DONE, State.PRUNED);
        Double best = Searcher.best(trials).orElseThrow().loss();
        assertThat(trials.stream().filter(trial -> trial.state() == State.PRUNED))
                .allSatisfy(trial -> assertThat(trial.loss()).isGreaterThan(best));
    }

    private static Status status(FineTuning agent, Search search) {
        return agent.searches().find(search.id()).orElseThrow().status();
    }

    private static boolean isCompared(FineTuning agent, Search search) {
        return agent.searches().trials(search.id()).stream()
                .filter(trial -> trial.state() == State.RUNNING)
                .allMatch(trial -> agent.jobs().checkpoints(trial.job()).size() == trial.looked());
    }

    @Test
    void aSearchGoesOnAfterItsAgentWasKilled() {
        FineTuning first = site.agent();
        first.addTrainer(site.trainer(script().gated(new Semaphore(2 * CHECKPOINTS))));
        Search search = create(first, request(5, 2, false, null));
        await().atMost(TrainingSite.DEADLINE)
                .until(() -> first.searches().trials(search.id()).stream()
                                .filter(trial -> trial.state() == State.DONE)
                                .count()
                        > 0);
        List<StoredTrial> before = first.searches().trials(search.id());
        first.drop();

        FineTuning second = site.agent();
        second.addTrainer(site.trainer(script()));
        FineTuning third = site.agent();
        third.addTrainer(site.trainer(script()));

        Search ended = awaitEnd(second, search);
        List<StoredTrial> trials = second.searches().trials(search.id());
        assertThat(ended.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(trials).hasSize(5).allMatch(trial -> trial.state() == State.DONE);
        assertThat(trials.subList(0, before.size()))
                .extracting(StoredTrial::job)
                .containsExactlyElementsOf(before.stream().map(StoredTrial::job).toList());
        Set<String> jobs = new HashSet<>();
        second.jobs().list(Caller.DEFAULT_PROJECT).forEach(job -> jobs.add(job.id()));
        assertThat(jobs).hasSize(5);
    }

    @Test
    void aBudgetOfTokensEndsASearch() {
        FineTuning agent = site.agent();
        agent.addTrainer(site.trainer(script()));

        Search search = awaitEnd(agent, create(agent, request(50, 1, false, 70L)));

        assertThat(search.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(agent.searches().trials(search.id())).hasSize(3);
    }

    @Test
    void aSearchWhoseTrialsAllFailFails() {
        FineTuning agent = site.agent();
        agent.addTrainer(site.trainer(TrainingScript.of(2, 1)
                .failing(new TrainingScript.Fault(1, 9, ErrorCode.INVALID_VALUE, "The loss is not a number."))));

        Search search = awaitEnd(agent, create(agent, request(2, 2, false, null)));

        assertThat(search.status()).isEqualTo(Status.FAILED);
        assertThat(search.best()).isNull();
        assertThat(agent.searches().trials(search.id())).allMatch(trial -> trial.state() == State.FAILED);
    }

    @Test
    void aCancelledSearchStopsItsJobs() {
        FineTuning agent = site.agent();
        agent.addTrainer(site.trainer(script().gated(new Semaphore(1))));
        Search search = create(agent, request(5, 2, false, null));
        await().atMost(TrainingSite.DEADLINE)
                .until(() -> agent.searches().trials(search.id()).size() == 2);

        agent.searches().cancel(search.id(), Actor.system());

        assertThatThrownBy(() -> agent.searches().cancel(search.id(), Actor.system()))
                .isInstanceOf(FactoryException.class);
        await().atMost(TrainingSite.DEADLINE)
                .until(() -> agent.jobs().list(Caller.DEFAULT_PROJECT).stream()
                        .allMatch(job -> job.status() == Status.CANCELLED));
        assertThat(agent.searches().trials(search.id())).hasSize(2);
    }
}
