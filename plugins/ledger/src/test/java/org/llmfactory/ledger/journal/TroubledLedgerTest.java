package org.llmfactory.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.ledger.journal.TestLedger.event;
import static org.llmfactory.ledger.journal.TestLedger.usage;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.ledger.Configs;

/** A ledger under load, and one whose database fails it. */
final class TroubledLedgerTest {
    @TempDir
    Path home;

    private TestLedger test;

    @BeforeEach
    void open() {
        test = new TestLedger(home);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void countsOfThirtyTwoThreadsAreExactAndTheChainHasNoGap() throws Exception {
        int threads = 32;
        long each = 100;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Callable<Long> work = () -> {
                for (int i = 0; i < each; i++) {
                    test.ledger().record(event("model.request"), usage("proj_a", 5, 2, 2), Optional.empty());
                }
                return each;
            };
            for (Future<Long> done : pool.invokeAll(Collections.nCopies(threads, work), 120, TimeUnit.SECONDS)) {
                assertThat(done.get()).isEqualTo(each);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(test.verify().findings()).isEmpty();
        assertThat(test.verify().entries()).isEqualTo(threads * each);
        assertThat(test.ledger().tokensUsed("proj_a", Instant.EPOCH)).isEqualTo(7L * threads * each);
        assertThat(sum("requests")).isEqualTo(threads * each);
        assertThat(sum("cached_tokens")).isEqualTo(2L * threads * each);
    }

    @Test
    void callersThatHoldEveryOtherConnectionAreServed() throws Exception {
        // As many as the pool has, less the ledger's own: each in a transaction while it records.
        int callers = 15;
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            Callable<String> work = () -> test.tables().inTransaction(handle -> {
                handle.execute("SELECT COUNT(*) FROM usage_minute");
                return test.ledger().record(event("project.updated"));
            });
            List<String> ids = new ArrayList<>();
            for (Future<String> done : pool.invokeAll(Collections.nCopies(callers, work), 60, TimeUnit.SECONDS)) {
                ids.add(done.get());
            }
            assertThat(ids).doesNotHaveDuplicates().hasSize(callers);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatTheTablesCannotTakeWaitsInTheJournal() {
        test.tables().useHandle(handle -> handle.execute("RENAME TABLE usage_minute TO usage_hidden"));
        try {
            test.ledger().record(event("model.request"), usage("proj_a", 1, 0, 1), Optional.empty());
            test.ledger().record(event("project.created"));
        } finally {
            test.store().tables().useHandle(handle -> handle.execute("RENAME TABLE usage_hidden TO usage_minute"));
        }
        test.ledger().record(event("model.request"), usage("proj_a", 1, 0, 1), Optional.empty());

        assertThat(test.verify().findings()).isEmpty();
        assertThat(test.verify().entries()).isEqualTo(3);
        assertThat(test.ledger().tokensUsed("proj_a", Instant.EPOCH)).isEqualTo(4);
    }

    @Test
    void nothingMoreIsEnteredWhenTheTablesStayAway() throws Exception {
        test.end();
        Map<String, Object> limits = Map.of("deadlineMillis", 200, "outageSeconds", 1);
        ChainedLedger strict =
                new ChainedLedger(test.store(), new LedgerMetrics(), Configs.with(ChainedLedger.Config.class, limits));
        List<String> entered = new ArrayList<>();
        try (Handle lock = test.store().tables().open()) {
            lock.begin();
            lock.execute("LOCK TABLE audit_entry IN EXCLUSIVE MODE");
            entered.add(strict.record(event("project.created")));
            assertOverloaded(strict::flush);
            await().atMost(Duration.ofSeconds(20)).until(() -> isRefused(strict, entered));
            lock.rollback();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !isRefused(strict, entered));
        strict.flush();
        strict.close();

        assertThat(test.store().verify(Set.of()).findings()).isEmpty();
        assertThat(test.store().verify(Set.of()).entries()).isEqualTo(entered.size());
    }

    private static boolean isRefused(ChainedLedger ledger, List<String> entered) {
        try {
            entered.add(ledger.record(event("project.created")));
            return false;
        } catch (FactoryException refusal) {
            return refusal.code() == ErrorCode.OVERLOADED;
        }
    }

    @Test
    void endedLedgerRefuses() {
        test.end();

        assertOverloaded(() -> test.ledger().record(event("project.created")));
    }

    @Test
    void interruptedCallerIsRefusedAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertOverloaded(() -> test.ledger().record(event("project.created")));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void detailsThatAreNoJsonAreTheirCallersFault() {
        assertThatThrownBy(() -> test.ledger().record(event("project.created").with(Map.of("thing", new Object()))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(test.verify().entries()).isZero();
    }

    @Test
    void transcriptLiesSealedAndIsReadWithTheKey() throws Exception {
        String id = test.ledger()
                .record(
                        event("model.request"),
                        usage("proj_a", 1, 0, 1),
                        Optional.of(new Transcript(List.of("canary question"), List.of("canary answer"))));

        String sealed = test.tables()
                .withHandle(handle -> handle.createQuery("SELECT sealed FROM audit_transcript")
                        .mapTo(String.class)
                        .one());
        String entry = test.tables()
                .withHandle(handle -> handle.createQuery("SELECT entry FROM audit_entry")
                        .mapTo(String.class)
                        .one());
        assertThat(sealed + entry).doesNotContain("canary");
        assertThat(test.store()
                        .transcripts()
                        .find(id)
                        .orElseThrow()
                        .transcript()
                        .output())
                .containsExactly("canary answer");
    }

    private long sum(String column) {
        return test.tables()
                .withHandle(handle -> handle.createQuery("SELECT SUM(" + column + ") FROM usage_minute")
                        .mapTo(Long.class)
                        .one());
    }

    private static void assertOverloaded(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
    }
}
