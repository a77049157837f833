package org.llmfactory.api.ledger.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;

/** What every {@link Ledger} must do. A provider's test extends it and says which ledger to test. */
public abstract class LedgerContract {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    /** A ledger without entries. */
    protected abstract Ledger ledger();

    @Test
    protected void everyEntryHasAnIdOfItsOwn() {
        String first = ledger().record(event("project.created"));
        String second = ledger().record(event("project.created"));

        assertThat(List.of(first, second)).doesNotHaveDuplicates().allMatch(id -> id.matches("audit_log-[0-9a-f]{24}"));
    }

    @Test
    protected void anEventAloneUsesNothing() {
        ledger().record(event("project.created"));

        assertThat(ledger().tokensUsed("proj_a", LONG_AGO)).isZero();
    }

    @Test
    protected void tokensUsedAreInputAndOutputOfTheProject() {
        ledger().record(event("model.request"), usage("proj_a", 10, 4, 5), Optional.empty());
        ledger().record(event("model.request"), usage("proj_a", 1, 0, 2), Optional.empty());
        ledger().record(event("model.request"), usage("proj_b", 100, 0, 100), Optional.empty());

        assertThat(ledger().tokensUsed("proj_a", LONG_AGO)).isEqualTo(18);
        assertThat(ledger().tokensUsed("proj_b", LONG_AGO)).isEqualTo(200);
        assertThat(ledger().tokensUsed("proj_c", LONG_AGO)).isZero();
    }

    @Test
    protected void tokensUsedBeforeTheTimeDoNotCount() {
        ledger().record(event("model.request"), usage("proj_a", 10, 0, 5), Optional.empty());
        Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES);

        assertThat(ledger().tokensUsed("proj_a", minute.minus(2, ChronoUnit.MINUTES)))
                .isEqualTo(15);
        assertThat(ledger().tokensUsed("proj_a", minute.plus(2, ChronoUnit.MINUTES)))
                .isZero();
    }

    @Test
    protected void everyKindOfActorAndDetailIsTaken() {
        Map<String, Object> details = Map.of(
                "text",
                "Grüße \u0000 \ud83d\ude80",
                "number",
                1.5,
                "many",
                List.of(1, true, Map.of("nested", "value")));

        for (Actor actor : List.of(
                Actor.system(),
                Actor.anonymous("someone \u0000" + "x".repeat(5_000), "::1"),
                new Actor(Actor.Kind.SESSION, "user-1", Optional.empty(), "127.0.0.1"),
                new Actor(Actor.Kind.API_KEY, "svc_acct_1", Optional.of("key_1"), "127.0.0.1"))) {
            String id =
                    ledger().record(new AuditEvent("login.failed", actor, Optional.empty(), Optional.empty(), details));
            assertThat(id).startsWith("audit_log-");
        }
    }

    @Test
    protected void aTranscriptIsTaken() {
        Transcript transcript = new Transcript(List.of("question"), List.of("answer"));

        String id = ledger().record(event("model.request"), usage("proj_a", 1, 0, 1), Optional.of(transcript));

        assertThat(id).startsWith("audit_log-");
    }

    @Test
    protected void countsOfManyThreadsAreExact() throws Exception {
        int threads = 8;
        int each = 25;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Callable<List<String>> work = () -> recordMany(each);
            Set<String> ids = new HashSet<>();
            for (Future<List<String>> done : pool.invokeAll(Collections.nCopies(threads, work), 60, TimeUnit.SECONDS)) {
                ids.addAll(done.get());
            }
            assertThat(ids).hasSize(threads * each);
            assertThat(ledger().tokensUsed("proj_a", LONG_AGO)).isEqualTo(3L * threads * each);
        } finally {
            pool.shutdownNow();
        }
    }

    /** An event in the project {@code proj_a}. */
    protected static AuditEvent event(String type) {
        Actor actor = new Actor(Actor.Kind.API_KEY, "user-1", Optional.of("key_1"), "127.0.0.1");
        return new AuditEvent(type, actor, Optional.of("proj_a"), Optional.of("res_1"), Map.of("name", "x"));
    }

    /** Use of a completion. */
    protected static UsageEntry usage(String project, long input, long cached, long output) {
        return new UsageEntry(
                "completions",
                project,
                "user-1",
                Optional.of("key_1"),
                "base",
                "adapter",
                Usage.ofTokens(input, cached, output));
    }

    private List<String> recordMany(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(ledger().record(event("model.request"), usage("proj_a", 2, 1, 1), Optional.empty()));
        }
        return ids;
    }
}
