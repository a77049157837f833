package org.llmfactory.gateway.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The {@code Server-Timing} header: how long each check of a request took, in milliseconds. */
public final class ServerTiming {
    public static final String HEADER = "Server-Timing";

    private static final List<String> ORDER = List.of("policy", "limit", "audit");

    private ServerTiming() {}

    /** The checks in the order they are made; a check that has not been made yet took no time. */
    public static String of(Map<String, Double> timings) {
        return ORDER.stream()
                .map(name -> entry(name, timings.getOrDefault(name, 0.0)))
                .collect(Collectors.joining(", "));
    }

    static String entry(String name, double milliseconds) {
        return String.format(Locale.ROOT, "%s;dur=%.3f", name, milliseconds);
    }
}
