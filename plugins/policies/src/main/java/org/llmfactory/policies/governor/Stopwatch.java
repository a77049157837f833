package org.llmfactory.policies.governor;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** How long each check of one request took. Confined to one thread. */
final class Stopwatch {
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final Map<Check, Long> nanos = new EnumMap<>(Check.class);

    <T> T time(Check check, Supplier<T> work) {
        long started = System.nanoTime();
        try {
            return work.get();
        } finally {
            nanos.merge(check, System.nanoTime() - started, Long::sum);
        }
    }

    long nanos(Check check) {
        return nanos.getOrDefault(check, 0L);
    }

    /** In milliseconds, by the checks' names. */
    Map<String, Double> millis() {
        Map<String, Double> millis = new LinkedHashMap<>();
        for (Check check : Check.values()) {
            millis.put(check.label(), nanos(check) / NANOS_PER_MILLI);
        }
        return millis;
    }
}
