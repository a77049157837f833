package org.llmfactory.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Response headers that tell a client whether and when to try again. */
public final class ErrorHeaders {
    private ErrorHeaders() {}

    /** The headers for a failure: {@code Retry-After} in whole seconds, at least one, and {@code x-should-retry}. */
    public static Map<String, String> of(FactoryException failure) {
        Map<String, String> headers = new LinkedHashMap<>();
        failure.retryAfter()
                .map(delay -> Math.max(1, (delay.toMillis() + 999) / 1000))
                .ifPresent(seconds -> headers.put("Retry-After", Long.toString(seconds)));
        // Clients repeat a 409 and a 504 by themselves, which for these two never helps.
        if (failure.code() == ErrorCode.CONFLICT || failure.code() == ErrorCode.DEADLINE_EXCEEDED) {
            headers.put("x-should-retry", "false");
        }
        return headers;
    }
}
