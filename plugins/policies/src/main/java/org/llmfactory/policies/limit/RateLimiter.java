package org.llmfactory.policies.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Limits by the minute, in token buckets: all of a request's limits let it in, or none has counted it. One lock is held
 * around the question, which takes about a microsecond. Counts for this agent alone.
 */
public final class RateLimiter {
    /** A bucket is full after a minute, and a full one need not be remembered. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    private final TimeMeter clock;
    private final Cache<Key, Meter> meters;

    private record Key(String holder, String model, Unit unit) {}

    /** One bucket that is asked, and for how much. */
    private record Question(Meter meter, Unit unit, long amount, String label) {}

    public RateLimiter(TimeMeter clock) {
        this.clock = clock;
        this.meters = Caffeine.newBuilder()
                .expireAfterAccess(IDLE)
                .ticker(clock::currentTimeNanos)
                .executor(Runnable::run)
                .build();
    }

    /** By the process's own clock. */
    public static RateLimiter create() {
        return new RateLimiter(TimeMeter.SYSTEM_NANOTIME);
    }

    /**
     * Takes one request and its tokens out of all buckets.
     *
     * @throws FactoryException {@code RATE_LIMITED} or {@code TOKENS_LIMITED} with the time until all buckets would let
     *     it in, and with the headers that a permit has; {@code INVALID_VALUE} when one never could
     */
    public synchronized Permit take(List<Allowance> allowances, long tokens) {
        List<Question> questions = questions(allowances, tokens);
        refuseImpossible(questions);
        refuseEarly(questions);
        questions.forEach(question -> question.meter().take(question.amount()));
        return new Taken(questions, headers(questions));
    }

    private List<Question> questions(List<Allowance> allowances, long tokens) {
        List<Question> questions = new ArrayList<>(2 * allowances.size());
        for (Allowance allowance : allowances) {
            allowance.requests().ifPresent(limit -> questions.add(question(allowance, Unit.REQUESTS, limit, 1)));
            allowance.tokens().ifPresent(limit -> questions.add(question(allowance, Unit.TOKENS, limit, tokens)));
        }
        return questions;
    }

    private Question question(Allowance allowance, Unit unit, long perMinute, long amount) {
        Key key = new Key(allowance.holder(), allowance.model(), unit);
        Meter meter = meters.get(key, unknown -> new Meter(perMinute, clock));
        meter.resize(perMinute);
        return new Question(meter, unit, amount, allowance.label());
    }

    private static void refuseImpossible(List<Question> questions) {
        for (Question question : questions) {
            if (question.amount() > question.meter().capacity()) {
                throw new FactoryException(
                        ErrorCode.INVALID_VALUE,
                        "The request could take up to " + question.amount()
                                + " tokens, input and output together, which "
                                + question.label() + " of " + question.meter().capacity()
                                + " tokens per minute never lets through. Shorten the input or lower max_tokens.");
            }
        }
    }

    private static void refuseEarly(List<Question> questions) {
        long longest = 0;
        Question slowest = null;
        for (Question question : questions) {
            long wait = question.meter().nanosUntil(question.amount());
            if (wait > longest) {
                longest = wait;
                slowest = question;
            }
        }
        if (slowest != null) {
            throw refusal(slowest, longest).withHeaders(headers(questions));
        }
    }

    private static FactoryException refusal(Question slowest, long nanos) {
        Duration delay = Duration.ofNanos(nanos);
        return FactoryException.retryLater(
                slowest.unit().refusal(),
                delay.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : delay,
                "Rate limit reached: " + slowest.label() + " is "
                        + slowest.meter().capacity() + " "
                        + slowest.unit().label() + " per minute. Try again in " + GoDuration.ofNanos(nanos) + ".");
    }

    private static Meter.State tighter(Meter.State one, Meter.State other) {
        Comparator<Meter.State> order =
                Comparator.comparingLong(Meter.State::remaining).thenComparingLong(Meter.State::limit);
        return order.compare(other, one) < 0 ? other : one;
    }

    /** Tells of the tightest limit of each unit. */
    private static Map<String, String> headers(List<Question> questions) {
        Map<Unit, Meter.State> tightest = new EnumMap<>(Unit.class);
        for (Question question : questions) {
            tightest.merge(question.unit(), question.meter().state(), RateLimiter::tighter);
        }
        Map<String, String> headers = new HashMap<>();
        tightest.forEach((unit, state) -> {
            headers.put("x-ratelimit-limit-" + unit.label(), Long.toString(state.limit()));
            headers.put("x-ratelimit-remaining-" + unit.label(), Long.toString(state.remaining()));
            headers.put("x-ratelimit-reset-" + unit.label(), GoDuration.ofNanos(state.nanosToReset()));
        });
        return Map.copyOf(headers);
    }

    private synchronized void giveBack(List<Question> questions, Unit unit, long atMost) {
        for (Question question : questions) {
            if (question.unit() == unit) {
                question.meter().giveBack(Math.min(atMost, question.amount()));
            }
        }
    }

    private final class Taken implements Permit {
        private final List<Question> questions;
        private final Map<String, String> headers;

        private Taken(List<Question> questions, Map<String, String> headers) {
            this.questions = List.copyOf(questions);
            this.headers = headers;
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }

        @Override
        public void giveBackTokens(long tokens) {
            giveBack(questions, Unit.TOKENS, tokens);
        }

        @Override
        public void giveBackAll() {
            giveBack(questions, Unit.TOKENS, Long.MAX_VALUE);
            giveBack(questions, Unit.REQUESTS, Long.MAX_VALUE);
        }
    }
}
