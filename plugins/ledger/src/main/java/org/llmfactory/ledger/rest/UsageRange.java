package org.llmfactory.ledger.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.ledger.usage.Buckets;
import org.llmfactory.ledger.usage.Width;

/**
 * The page of time that a request asks for. Use is counted by the minute: a range that begins or ends inside a minute has
 * all of it.
 *
 * @param from minutes since 1970, inclusive
 */
record UsageRange(long from, Width width, Buckets buckets) {
    private static final String CURSOR = "page_";

    /**
     * Reads {@code start_time}, {@code end_time} and {@code page}.
     *
     * @param limit buckets on the page
     */
    static UsageRange of(Parameters parameters, Width width, int limit, Clock clock) {
        OptionalLong start = parameters.time("start_time");
        if (start.isEmpty()) {
            throw FactoryException.ofParameter(
                    ErrorCode.MISSING_PARAMETER, "start_time", "Missing required parameter: 'start_time'.");
        }
        long first = start.getAsLong() / 60;
        long until = until(parameters.time("end_time"), start.getAsLong(), width, clock);
        long from =
                parameters.text("page").map(page -> minute(page, first, until)).orElse(first);
        return new UsageRange(from, width, Buckets.page(from, until, width, limit));
    }

    /** Without an end, the bucket at hand is the last one. */
    private static long until(OptionalLong end, long start, Width width, Clock clock) {
        if (end.isEmpty()) {
            return (clock.instant().getEpochSecond() / 60 / width.minutes() + 1) * width.minutes();
        }
        if (end.getAsLong() <= start) {
            throw Parameters.invalid("end_time", "a time after 'start_time'");
        }
        return (end.getAsLong() + 59) / 60;
    }

    /** Where it ends, exclusive. */
    long until() {
        return buckets.until(from);
    }

    /** What {@code page} of the next request is to be. */
    Optional<String> nextPage() {
        return buckets.next().isPresent() ? Optional.of(cursor(buckets.next().getAsLong())) : Optional.empty();
    }

    private static String cursor(long minute) {
        return CURSOR
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(Long.toString(minute).getBytes(US_ASCII));
    }

    private static long minute(String page, long first, long until) {
        long minute = page.startsWith(CURSOR) ? decode(page.substring(CURSOR.length())) : first;
        if (minute <= first || minute >= until) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "page",
                    "Invalid 'page': expected the 'next_page' of an answer to the same request.");
        }
        return minute;
    }

    /** The minute of a cursor; one before all others for a text that is none. */
    private static long decode(String cursor) {
        try {
            return Long.parseLong(new String(Base64.getUrlDecoder().decode(cursor), US_ASCII));
        } catch (IllegalArgumentException malformed) {
            return Long.MIN_VALUE;
        }
    }
}
