package org.llmfactory.policies.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.Budget.Period;
import org.llmfactory.database.Database;

/** What budgets must do on every database. */
abstract class BudgetsContract {
    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Budget BUDGET = new Budget(10_000, Period.DAY);

    final MutableClock clock = new MutableClock(Instant.parse("2026-03-31T12:00:00Z"));
    private final ClockedLedger ledger = new ClockedLedger(clock);
    private final List<Budgets> opened = new ArrayList<>();
    /** One of its own for every test, since the tests share the database. */
    private final String project = "proj_" + PROJECTS.incrementAndGet();

    private Budgets budgets;

    /** The database as one agent sees it; always the same one during a test. */
    abstract Database database(String agent);

    @BeforeEach
    void start() {
        budgets = agent("one", "run");
    }

    @AfterEach
    void stop() {
        opened.forEach(Budgets::close);
    }

    private Budgets agent(String agent, String run) {
        LeaseStore store = new LeaseStore(
                database(agent).open("policies", Budgets.class), ledger, new Holder(agent, run, opened.size()));
        Budgets made = new Budgets(store, clock, new Budgets.Options(1000, IDLE));
        opened.add(made);
        return made;
    }

    private void spend(Budgets agent, Budget budget, long reserved, long used) {
        Budgets.Reservation reservation = agent.reserve(project, budget, reserved);
        ledger.use(project, used);
        reservation.settle(used);
    }

    private void assertRefused(ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED));
    }

    private long spent() {
        return ledger.tokensUsed(project, Periods.start(Period.DAY, clock.instant()));
    }

    @Test
    void theWholeBudgetCanBeSpentAndNoTokenMore() {
        spend(budgets, BUDGET, 10_000, 10_000);

        assertRefused(() -> budgets.reserve(project, BUDGET, 1));
    }

    @Test
    void whatWasReservedAndNotUsedCanBeSpent() {
        spend(budgets, BUDGET, 10_000, 100);
        spend(budgets, BUDGET, 9_900, 9_900);

        assertRefused(() -> budgets.reserve(project, BUDGET, 1));
    }

    @Test
    void workInProgressHoldsItsReservation() {
        Budgets.Reservation first = budgets.reserve(project, BUDGET, 6_000);
        assertRefused(() -> budgets.reserve(project, BUDGET, 4_001));
        Budgets.Reservation second = budgets.reserve(project, BUDGET, 4_000);

        first.settle(0);
        second.settle(0);
        budgets.reserve(project, BUDGET, 10_000).settle(0);
    }

    @Test
    void aRefusalChangesNothingAndSaysHowMuchIsLeft() {
        spend(budgets, BUDGET, 9_000, 9_000);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> budgets.reserve(project, BUDGET, 1_001))
                    .hasMessageContaining("10000 tokens per day")
                    .hasMessageContaining("1000 are left")
                    .hasMessageContaining("2026-04-01T00:00:00Z");
        }

        spend(budgets, BUDGET, 1_000, 1_000);
    }

    @Test
    void whatWasSpentBeforeCounts() {
        ledger.use(project, 9_500);

        assertRefused(() -> budgets.reserve(project, BUDGET, 501));
        spend(budgets, BUDGET, 500, 500);
    }

    @Test
    void projectsHaveBudgetsOfTheirOwn() {
        spend(budgets, BUDGET, 10_000, 10_000);

        budgets.reserve(project + "_two", BUDGET, 10_000).settle(0);
    }

    @Test
    void theNextDayBeginsAnew() {
        spend(budgets, BUDGET, 10_000, 10_000);
        clock.advance(Duration.ofHours(12));

        spend(budgets, BUDGET, 10_000, 10_000);
        assertRefused(() -> budgets.reserve(project, BUDGET, 1));
    }

    @Test
    void aMonthGoesOnAfterMidnight() {
        Budget month = new Budget(10_000, Period.MONTH);
        clock.advance(Duration.ofDays(1));
        spend(budgets, month, 10_000, 10_000);
        clock.advance(Duration.ofDays(2));

        assertRefused(() -> budgets.reserve(project, month, 1));
    }

    @Test
    void workThatGoesOnOverMidnightCountsForTheDayItEndsOn() {
        Budgets.Reservation late = budgets.reserve(project, BUDGET, 3_000);
        clock.advance(Duration.ofHours(12));

        assertRefused(() -> budgets.reserve(project, BUDGET, 7_001));
        ledger.use(project, 3_000);
        late.settle(3_000);
        clock.advance(Duration.ofSeconds(2));
        spend(budgets, BUDGET, 7_000, 7_000);
        assertThat(spent()).isEqualTo(10_000);
    }

    @Test
    void aRaisedBudgetHoldsAtOnce() {
        spend(budgets, BUDGET, 10_000, 10_000);
        assertRefused(() -> budgets.reserve(project, BUDGET, 1));

        spend(budgets, new Budget(10_001, Period.DAY), 1, 1);
    }

    @Test
    void aLoweredBudgetHoldsAtOnceForWhatWasLeasedToo() {
        spend(budgets, BUDGET, 1, 1);

        assertRefused(() -> budgets.reserve(project, new Budget(100, Period.DAY), 100));
        spend(budgets, new Budget(100, Period.DAY), 99, 99);
    }

    @Test
    void nothingIsLetInOnABudgetOfZeroButWorkWithoutTokens() {
        Budget none = new Budget(0, Period.DAY);

        assertRefused(() -> budgets.reserve(project, none, 1));
        budgets.reserve(project, none, 0).settle(0);
    }

    @Test
    void oneAgentCannotSpendWhatAnotherHasLeased() {
        Budgets other = agent("two", "run");
        Budgets.Reservation reservation = budgets.reserve(project, BUDGET, 9_000);

        assertRefused(() -> other.reserve(project, BUDGET, 1_001));
        spend(other, BUDGET, 1_000, 1_000);
        reservation.settle(0);
    }

    @Test
    void whatAnotherAgentSettlesWhileTheLedgerIsReadIsNotSpentTwice() {
        Budgets other = agent("two", "run");
        Budgets.Reservation reservation = other.reserve(project, BUDGET, 9_000);
        ledger.afterNextReading(() -> {
            ledger.use(project, 9_000);
            reservation.settle(9_000);
            other.maintain();
        });

        assertRefused(() -> budgets.reserve(project, BUDGET, 1_001));
        assertThat(spent()).isEqualTo(9_000);
    }

    @Test
    void anIdleLeaseGoesBackForOthersToSpend() {
        Budgets other = agent("two", "run");
        spend(budgets, BUDGET, 9_000, 0);
        assertRefused(() -> other.reserve(project, BUDGET, 10_000));

        clock.advance(IDLE.plusSeconds(1));
        budgets.maintain();

        spend(other, BUDGET, 10_000, 10_000);
        assertRefused(() -> budgets.reserve(project, BUDGET, 1));
    }

    @Test
    void whatAnAgentHeldWhenItDiedIsFreeWhenItStartsAgain() {
        budgets.reserve(project, BUDGET, 9_000);
        ledger.use(project, 4_000);

        Budgets again = agent("one", "next run");

        spend(again, BUDGET, 6_000, 6_000);
        assertRefused(() -> again.reserve(project, BUDGET, 1));
    }

    @Test
    void whatAnAgentHeldWhenItDiedIsFreeAfterAnHourEvenIfItStaysAway() {
        Budgets other = agent("two", "run");
        budgets.reserve(project, BUDGET, 9_000);
        clock.advance(Duration.ofMinutes(59));
        assertRefused(() -> other.reserve(project, BUDGET, 9_000));
        clock.advance(Duration.ofMinutes(2));

        spend(other, BUDGET, 10_000, 10_000);
    }

    @Test
    void aLeaseThatIsInUseIsKeptAlive() {
        Budgets other = agent("two", "run");
        Budgets.Reservation reservation = budgets.reserve(project, BUDGET, 9_000);
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofMinutes(20));
            budgets.maintain();
        }

        assertRefused(() -> other.reserve(project, BUDGET, 1_001));
        reservation.settle(0);
    }

    @Test
    void anUpdatedPluginSettlesWhatItsPredecessorLetIn() {
        Budgets.Reservation reservation = budgets.reserve(project, BUDGET, 9_000);
        budgets.close();
        Budgets successor = agent("one", "run");

        assertRefused(() -> successor.reserve(project, BUDGET, 1_001));
        ledger.use(project, 2_000);
        reservation.settle(2_000);
        clock.advance(Duration.ofSeconds(2));

        spend(successor, BUDGET, 8_000, 8_000);
    }

    @Test
    void manyThreadsSpendTheWholeBudgetAndNeverMore() throws Exception {
        Budget large = new Budget(200_000, Period.DAY);
        race(List.of(budgets), 64, large, 400);

        assertThat(spent()).isLessThanOrEqualTo(large.tokens());
        long left = large.tokens() - spent();
        clock.advance(Duration.ofSeconds(2));
        assertRefused(() -> budgets.reserve(project, large, left + 1));
        spend(budgets, large, left, left);
        assertThat(spent()).isEqualTo(large.tokens());
    }

    @Test
    void twoAgentsSpendTheWholeBudgetAndNeverMore() throws Exception {
        Budget large = new Budget(200_000, Period.DAY);
        Budgets other = agent("two", "run");
        race(List.of(budgets, other), 32, large, 400);

        assertThat(spent()).isLessThanOrEqualTo(large.tokens());
        // What the one could not use up goes back, so that the other can.
        long left = large.tokens() - spent();
        clock.advance(IDLE.plusSeconds(1));
        other.maintain();
        assertRefused(() -> budgets.reserve(project, large, left + 1));
        spend(budgets, large, left, left);
        assertThat(spent()).isEqualTo(large.tokens());
        assertRefused(() -> other.reserve(project, large, 1));
    }

    /** Every thread reserves, uses some, and goes on until it is refused; meanwhile the ledger is watched. */
    private void race(List<Budgets> agents, int threads, Budget budget, int largest) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Budgets agent = agents.get(thread % agents.size());
                Random random = new Random(thread);
                running.add(pool.submit(() -> spendUntilRefused(agent, budget, largest, random)));
            }
            for (Future<?> each : running) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void spendUntilRefused(Budgets agent, Budget budget, int largest, Random random) {
        while (true) {
            int tokens = 1 + random.nextInt(largest);
            try {
                spend(agent, budget, tokens, random.nextInt(tokens + 1));
            } catch (FactoryException refusal) {
                assertThat(refusal.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
                return;
            }
            assertThat(spent()).isLessThanOrEqualTo(budget.tokens());
        }
    }
}
