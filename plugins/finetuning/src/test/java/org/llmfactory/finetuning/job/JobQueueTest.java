package org.llmfactory.finetuning.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.api.training.Stage;
import org.llmfactory.database.testing.CleanDatabase;

final class JobQueueTest {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final CleanDatabase database = new CleanDatabase("training_turn");
    private final Jdbi tables = database.open("finetuning", JobQueueTest.class);
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final SettableClock clock = new SettableClock();
    private final JobStore jobs = new JobStore(tables, database.changes(), ledger, clock);
    private final JobQueue queue = new JobQueue(tables, ledger, clock, LEASE, 2);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aJobIsTakenByOneWorkerOnly() {
        Job job = queued("proj_a", 0);

        assertThat(take("one")).contains(job.id());
        assertThat(take("two")).isEmpty();
        assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void workersThatComeAtOnceTakeDifferentJobsAndKeepTheQuota() throws Exception {
        for (int i = 0; i < 4; i++) {
            queued("proj_a", 0);
            queued("proj_b", 0);
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Optional<String>>> tasks = IntStream.range(0, 16)
                    .mapToObj(i -> (Callable<Optional<String>>) () -> take("worker-" + i))
                    .toList();
            Set<String> taken = new HashSet<>();
            int count = 0;
            for (Future<Optional<String>> future : threads.invokeAll(tasks)) {
                Optional<String> id = future.get();
                count += id.isPresent() ? 1 : 0;
                id.ifPresent(taken::add);
            }
            assertThat(count).isEqualTo(4);
            assertThat(taken).hasSize(4);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void priorityComesFirstThenTheProjectThatRunsLessThenAge() {
        Job first = queued("proj_a", 0);
        Job second = queued("proj_a", 0);
        Job other = queued("proj_b", 0);
        Job urgent = queued("proj_a", 5);

        assertThat(take("w")).contains(urgent.id());
        assertThat(take("w")).contains(other.id());
        assertThat(take("w")).contains(first.id());
        // The quota of proj_a is used up.
        assertThat(take("w")).isEmpty();
        assertThat(jobs.find(second.id()).orElseThrow().status()).isEqualTo(Status.QUEUED);
    }

    @Test
    void aRenewedLeaseHoldsAndALapsedOneIsFencedOff() {
        Job job = queued("proj_a", 0);
        Lease former = queue.take("one", any -> true).orElseThrow().lease();
        clock.pass(LEASE.minusSeconds(1));
        assertThat(queue.renew(former)).isTrue();
        clock.pass(LEASE.minusSeconds(1));
        assertThat(queue.lapse()).isZero();

        clock.pass(Duration.ofSeconds(2));
        assertThat(queue.lapse()).isEqualTo(1);
        // The same worker, again: its former lease is worth nothing all the same.
        Lease now = queue.take("one", any -> true).orElseThrow().lease();

        assertThat(now.epoch()).isEqualTo(former.epoch() + 1);
        assertThat(queue.renew(former)).isFalse();
        assertLost(() -> queue.write(former, any -> {}, Optional.of(Event.info("late"))));
        assertLost(() -> queue.giveBack(former, Duration.ZERO, true, Optional.empty()));
        assertLost(() -> queue.end(former, Status.SUCCEEDED, any -> {}, List.of()));
        assertThat(jobs.events(job.id()).stream().map(entered -> entered.event().message()))
                .doesNotContain("late");
        queue.end(now, Status.SUCCEEDED, any -> {}, List.of());
        assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(ledger.types()).containsOnlyOnce("fine_tuning.job.succeeded");
    }

    @Test
    void aCancelledJobIsNobodysAndIsSweptWhenItsHolderHasLeft() {
        Job job = queued("proj_a", 0);
        Lease lease = queue.take("one", any -> true).orElseThrow().lease();

        jobs.cancel(job.id(), Actor.system());

        assertThat(queue.renew(lease)).isFalse();
        assertLost(() -> queue.write(lease, any -> {}, Optional.empty()));
        assertThat(queue.toSweep()).isEmpty();
        queue.leave(lease);
        assertThat(queue.toSweep()).extracting(Job::id).containsExactly(job.id());
        queue.swept(job, 3);
        assertThat(queue.toSweep()).isEmpty();
        assertThat(ledger.types()).endsWith("fine_tuning.job.cancelled", "fine_tuning.job.state_removed");
    }

    @Test
    void aJobThatIsGivenBackWaits() {
        queued("proj_a", 0);
        Lease lease = queue.take("one", any -> true).orElseThrow().lease();

        queue.giveBack(lease, Duration.ofSeconds(10), true, Optional.empty());

        assertThat(take("two")).isEmpty();
        clock.pass(Duration.ofSeconds(10));
        assertThat(queue.take("two", any -> true).orElseThrow().job().attempts())
                .isEqualTo(1);
    }

    @Test
    void aWaitingJobSaysSoOnce() {
        Job job = queued("proj_a", 0);
        clock.pass(Duration.ofSeconds(11));

        queue.tellWaiting(Duration.ofSeconds(10), any -> true);
        queue.tellWaiting(Duration.ofSeconds(10), any -> true);

        assertThat(jobs.events(job.id()).stream().map(entered -> entered.event().message()))
                .containsOnlyOnce("The job waits: no agent is there that can train 'tiny'.");
    }

    private Optional<String> take(String holder) {
        return queue.take(holder, any -> true).map(taken -> taken.job().id());
    }

    private Job queued(String project, int priority) {
        clock.pass(Duration.ofMillis(1));
        JobRequest request = new JobRequest(
                "tiny",
                "b",
                64,
                "file-1",
                null,
                "",
                1,
                priority,
                Map.of(),
                null,
                Stage.SUPERVISED,
                new JobRequest.Wanted(
                        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, false,
                        false));
        Job job = jobs.create(project, "user-1", request, Actor.system());
        jobs.queue(
                job,
                new Hyperparameters(
                        1,
                        1,
                        1,
                        Hyperparameters.Schedule.LINEAR,
                        0,
                        0,
                        1,
                        64,
                        1,
                        1,
                        0,
                        0.1,
                        LoraParameters.defaults()));
        return job;
    }

    private static void assertLost(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(Lease.Lost.class);
    }

    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
