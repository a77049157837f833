package org.llmfactory.api.governance.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Governor;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Usage;

/** What every {@link Governor} must do. A provider's test extends it and says what to test it with. */
public abstract class GovernorContract {
    /** A word that no policy of the suite allows once it has been forbidden. */
    protected static final String FORBIDDEN = "xyzzy";

    private static final Usage USAGE = Usage.ofTokens(5, 2, 7);

    /** What was entered for one piece of work. */
    public record Entry(String id, Usage usage, Outcome outcome) {}

    /** A governor without limits and policies; the same one during one test. */
    protected abstract Governor governor();

    /** From now on a policy ends requests and answers with this word. */
    protected abstract void forbid(String word);

    /** What was entered for work that was admitted, oldest first. */
    protected abstract List<Entry> entries();

    @Test
    protected void whatIsSettledIsEnteredOnce() {
        try (Admission admission = admit("one")) {
            admission.settle(USAGE, Outcome.COMPLETED, List.of("an answer"));
            admission.settle(Usage.NONE, Outcome.FAILED, List.of());
        }

        assertThat(entries()).containsExactly(new Entry("one", USAGE, Outcome.COMPLETED));
    }

    @Test
    protected void whatIsClosedUnsettledIsEnteredAsFailed() {
        admit("one").close();

        assertThat(entries()).containsExactly(new Entry("one", Usage.NONE, Outcome.FAILED));
    }

    @Test
    protected void closingTwiceIsClosingOnce() {
        Admission admission = admit("one");
        admission.settle(USAGE, Outcome.CANCELLED, List.of());
        admission.close();
        admission.close();

        assertThat(entries()).containsExactly(new Entry("one", USAGE, Outcome.CANCELLED));
    }

    @Test
    protected void theTimesOfTheChecksAreTold() {
        try (Admission admission = admit("one")) {
            admission.settle(USAGE, Outcome.COMPLETED, List.of());

            assertThat(admission.timings()).containsOnlyKeys("policy", "limit", "audit");
            assertThat(admission.timings().values()).allMatch(millis -> millis >= 0);
        }
    }

    @Test
    protected void withoutAPolicyEverythingPassesAtOnce() {
        try (Admission admission = admit("one")) {
            OutputScreen screen = admission.screen();

            assertThat(screen.accept("some text with " + FORBIDDEN)).isEqualTo("some text with " + FORBIDDEN);
            assertThat(screen.finish()).isEmpty();
            assertThat(screen.isBlocked()).isFalse();
        }
    }

    @Test
    protected void aForbiddenPromptIsRefusedWithoutRepeatingIt() {
        forbid(FORBIDDEN);

        assertThatThrownBy(() -> governor().admit(Caller.platform(), work("one", "say " + FORBIDDEN + " please")))
                .isInstanceOfSatisfying(FactoryException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.CONTENT_BLOCKED);
                    assertThat(failure).hasMessageNotContaining(FORBIDDEN);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 10_000})
    protected void anAnswerEndsBeforeWhatIsForbiddenHoweverItIsCut(int length) {
        forbid(FORBIDDEN);
        String before = "Something harmless. ".repeat(40);
        try (Admission admission = admit("one")) {
            OutputScreen screen = admission.screen();
            String given = feed(screen, before + FORBIDDEN + " and more, which nobody hears. ".repeat(40), length);

            assertThat(given).isEqualTo(before);
            assertThat(screen.isBlocked()).isTrue();
            assertThat(screen.accept("more")).isEmpty();
            assertThat(screen.finish()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 10_000})
    protected void aHarmlessAnswerArrivesWholeHoweverItIsCut(int length) {
        forbid(FORBIDDEN);
        String answer = "xyz xyzz xyzzx — 日本語 🙂 ".repeat(50);
        try (Admission admission = admit("one")) {
            OutputScreen screen = admission.screen();

            assertThat(feed(screen, answer, length)).isEqualTo(answer);
            assertThat(screen.isBlocked()).isFalse();
        }
    }

    @Test
    protected void eachAnswerHasAScreenOfItsOwn() {
        forbid(FORBIDDEN);
        try (Admission admission = admit("one")) {
            OutputScreen first = admission.screen();
            OutputScreen second = admission.screen();

            assertThat(feed(first, FORBIDDEN, 1)).isEmpty();
            assertThat(feed(second, "fine", 1)).isEqualTo("fine");
            assertThat(first.isBlocked()).isTrue();
            assertThat(second.isBlocked()).isFalse();
        }
    }

    @Test
    protected void manyThreadsLoseNothing() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int seed = thread;
                running.add(pool.submit(() -> {
                    Random random = new Random(seed);
                    for (int i = 0; i < 50; i++) {
                        try (Admission admission = admit(seed + "-" + i)) {
                            if (random.nextBoolean()) {
                                admission.settle(USAGE, Outcome.COMPLETED, List.of());
                            }
                        }
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(entries()).hasSize(400).extracting(Entry::id).doesNotHaveDuplicates();
    }

    private Admission admit(String id) {
        return governor().admit(Caller.platform(), work(id, "a prompt"));
    }

    private static Work work(String id, String prompt) {
        return new Work(id, "completions", "127.0.0.1", "base", List.of(), List.of(), List.of(prompt), 5, 100);
    }

    private static String feed(OutputScreen screen, String text, int length) {
        StringBuilder given = new StringBuilder();
        for (int at = 0; at < text.length() && !screen.isBlocked(); at += length) {
            given.append(screen.accept(text.substring(at, Math.min(text.length(), at + length))));
        }
        return given.append(screen.finish()).toString();
    }
}
