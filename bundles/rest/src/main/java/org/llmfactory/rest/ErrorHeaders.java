package org.llmfactory.rest;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Response headers of a failure: what it brings itself, and whether and when to try again. */
public final class ErrorHeaders {
    /** What clients would repeat by themselves, though it does not help. */
    private static final Set<ErrorCode> HOPELESS =
            EnumSet.of(ErrorCode.CONFLICT, ErrorCode.DEADLINE_EXCEEDED, ErrorCode.QUOTA_EXCEEDED);

    private ErrorHeaders() {}

    /** The failure's own headers, {@code Retry-After} in whole seconds, at least one, and {@code x-should-retry}. */
    public static Map<String, String> of(FactoryException failure) {
        Map<String, String> headers = new LinkedHashMap<>(failure.headers());
        failure.retryAfter()
                .map(delay -> Math.max(1, (delay.toMillis() + 999) / 1000))
                .ifPresent(seconds -> headers.put("Retry-After", Long.toString(seconds)));
        if (HOPELESS.contains(failure.code())) {
            headers.put("x-should-retry", "false");
        }
        return headers;
    }
}
