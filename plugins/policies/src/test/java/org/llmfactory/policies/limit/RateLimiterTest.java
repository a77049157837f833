package org.llmfactory.policies.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class RateLimiterTest {
    private static final Allowance PROJECT = Allowance.ofProject("proj_one", "base", 60, 6_000);

    private final ManualTime time = new ManualTime();
    private final RateLimiter limiter = new RateLimiter(time);

    private static Allowance key(int requests, long tokens) {
        return Allowance.ofKey("key_1", OptionalInt.of(requests), OptionalLong.of(tokens));
    }

    private void take(int times, Allowance allowance, long tokens) {
        for (int i = 0; i < times; i++) {
            limiter.take(List.of(allowance), tokens);
        }
    }

    private FactoryException refusal(List<Allowance> allowances, long tokens) {
        FactoryException[] refusal = new FactoryException[1];
        assertThatThrownBy(() -> limiter.take(allowances, tokens))
                .isInstanceOfSatisfying(FactoryException.class, failure -> refusal[0] = failure);
        return refusal[0];
    }

    @Test
    void aMinutesRequestsComeInAtOnceAndTheNextWaits() {
        take(60, PROJECT, 1);

        FactoryException refusal = refusal(List.of(PROJECT), 1);
        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(refusal).hasMessageContaining("60 requests per minute");
        time.pass(Duration.ofSeconds(1));
        take(1, PROJECT, 1);
    }

    @Test
    void tokensAreLimitedAndTheTimeToWaitIsRight() {
        take(1, PROJECT, 6_000);

        FactoryException refusal = refusal(List.of(PROJECT), 3_000);
        assertThat(refusal.code()).isEqualTo(ErrorCode.TOKENS_LIMITED);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(30));
        time.pass(Duration.ofSeconds(29));
        assertThat(refusal(List.of(PROJECT), 3_000).retryAfter()).contains(Duration.ofSeconds(1));
        time.pass(Duration.ofSeconds(1));
        take(1, PROJECT, 3_000);
    }

    @Test
    void tokensThatWereNotUsedComeBack() {
        Permit permit = limiter.take(List.of(PROJECT), 6_000);
        permit.giveBackTokens(5_000);

        take(1, PROJECT, 5_000);
        assertThat(refusal(List.of(PROJECT), 1).code()).isEqualTo(ErrorCode.TOKENS_LIMITED);
    }

    @Test
    void aBucketNeverHoldsMoreThanAMinuteAllows() {
        Permit permit = limiter.take(List.of(PROJECT), 6_000);
        time.pass(Duration.ofMinutes(1));
        permit.giveBackTokens(6_000);

        take(1, PROJECT, 6_000);
        assertThat(refusal(List.of(PROJECT), 1).code()).isEqualTo(ErrorCode.TOKENS_LIMITED);
    }

    @Test
    void whatOneLimitRefusesNoOtherHasCounted() {
        Allowance narrow = key(1, 100);
        limiter.take(List.of(narrow), 100);
        for (int i = 0; i < 100; i++) {
            refusal(List.of(PROJECT, narrow), 100);
        }

        take(60, PROJECT, 100);
    }

    @Test
    void theLongestWaitIsTold() {
        Allowance narrow = key(1, 100);
        limiter.take(List.of(narrow), 10);

        FactoryException refusal = refusal(List.of(PROJECT, narrow), 10);
        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refusal.retryAfter()).contains(Duration.ofMinutes(1));
        assertThat(refusal).hasMessageContaining("the API key's limit");
    }

    @Test
    void aRequestThatNoMinuteCouldHoldIsInvalid() {
        FactoryException refusal = refusal(List.of(PROJECT, key(10, 100)), 101);

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_VALUE);
        assertThat(refusal).hasMessageContaining("the API key's limit of 100 tokens per minute");
        take(60, PROJECT, 100);
    }

    @Test
    void headersTellOfTheTightestLimit() {
        limiter.take(List.of(PROJECT), 1_000);
        Permit permit = limiter.take(List.of(PROJECT, key(10, 100_000)), 500);

        assertThat(permit.headers())
                .containsOnly(
                        Map.entry("x-ratelimit-limit-requests", "10"),
                        Map.entry("x-ratelimit-remaining-requests", "9"),
                        Map.entry("x-ratelimit-reset-requests", "6s"),
                        Map.entry("x-ratelimit-limit-tokens", "6000"),
                        Map.entry("x-ratelimit-remaining-tokens", "4500"),
                        Map.entry("x-ratelimit-reset-tokens", "15s"));
    }

    @Test
    void refusalHasTheHeadersToo() {
        limiter.take(List.of(PROJECT), 3_000);

        assertThat(refusal(List.of(PROJECT), 5_000).headers())
                .containsOnly(
                        Map.entry("x-ratelimit-limit-requests", "60"),
                        Map.entry("x-ratelimit-remaining-requests", "59"),
                        Map.entry("x-ratelimit-reset-requests", "1s"),
                        Map.entry("x-ratelimit-limit-tokens", "6000"),
                        Map.entry("x-ratelimit-remaining-tokens", "3000"),
                        Map.entry("x-ratelimit-reset-tokens", "30s"));
    }

    @Test
    void withoutLimitsThereAreNoHeaders() {
        assertThat(limiter.take(List.of(), 1_000_000).headers()).isEmpty();
        Allowance requestsOnly = Allowance.ofKey("key_1", OptionalInt.of(5), OptionalLong.empty());
        assertThat(limiter.take(List.of(requestsOnly), 1_000_000).headers())
                .containsOnlyKeys(
                        "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
    }

    @Test
    void changedLimitsHoldAtOnceWithoutFillingTheBucket() {
        take(60, PROJECT, 1);
        Allowance raised = Allowance.ofProject("proj_one", "base", 120, 6_000);

        assertThat(refusal(List.of(raised), 1).code()).isEqualTo(ErrorCode.RATE_LIMITED);
        time.pass(Duration.ofMillis(500));
        take(1, raised, 1);
    }

    @Test
    void aLoweredLimitHoldsForWhatIsInTheBucketToo() {
        take(1, PROJECT, 1);
        Allowance lowered = Allowance.ofProject("proj_one", "base", 5, 6_000);

        take(5, lowered, 1);
        assertThat(refusal(List.of(lowered), 1).code()).isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void anIdleBucketIsForgottenAndAFullOneTakesItsPlace() {
        take(60, PROJECT, 100);
        time.pass(Duration.ofMinutes(3));

        take(60, PROJECT, 100);
        refusal(List.of(PROJECT), 1);
    }

    @Test
    void limitsBeyondAllMeasureAreLimitsToo() {
        Allowance huge = Allowance.ofProject("proj_one", "base", Integer.MAX_VALUE, Long.MAX_VALUE);

        assertThat(limiter.take(List.of(huge), 1_000_000).headers()).containsKey("x-ratelimit-limit-tokens");
    }

    @Test
    void manyThreadsGetExactlyWhatThereIs() throws Exception {
        Allowance allowance = Allowance.ofProject("proj_one", "base", 1_000, 1_000_000);
        Allowance narrow = key(1_000_000, 500 * 7);
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int thread = 0; thread < 16; thread++) {
                running.add(pool.submit(() -> admitted(List.of(allowance, narrow), 7, 200)));
            }
            int admitted = 0;
            for (Future<Integer> each : running) {
                admitted += each.get(30, TimeUnit.SECONDS);
            }
            assertThat(admitted).isEqualTo(500);
        } finally {
            pool.shutdownNow();
        }
        // What was refused has not taken a request either.
        take(500, allowance, 0);
        refusal(List.of(allowance), 0);
    }

    private int admitted(List<Allowance> allowances, long tokens, int times) {
        int admitted = 0;
        for (int i = 0; i < times; i++) {
            admitted += attempt(allowances, tokens).isPresent() ? 1 : 0;
        }
        return admitted;
    }

    private Optional<Permit> attempt(List<Allowance> allowances, long tokens) {
        try {
            return Optional.of(limiter.take(allowances, tokens));
        } catch (FactoryException refusal) {
            assertThat(refusal.code()).isEqualTo(ErrorCode.TOKENS_LIMITED);
            return Optional.empty();
        }
    }
}
