package org.llmfactory.messaging.call;

import java.time.Duration;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * A {@link FactoryException} on its way to the caller.
 *
 * @param code the name of its {@link ErrorCode}
 */
record Failure(String code, String message, Optional<String> parameter, Optional<Duration> retryAfter) {
    private static final int MAXIMUM_MESSAGE = 4000;

    static Failure of(FactoryException failure) {
        String message = String.valueOf(failure.getMessage());
        return new Failure(
                failure.code().name(),
                message.length() > MAXIMUM_MESSAGE ? message.substring(0, MAXIMUM_MESSAGE) : message,
                failure.parameter(),
                failure.retryAfter());
    }

    FactoryException toException() {
        if (retryAfter.isPresent()) {
            return FactoryException.retryLater(errorCode(), retryAfter.get(), message);
        }
        if (parameter.isPresent()) {
            return FactoryException.ofParameter(errorCode(), parameter.get(), message);
        }
        return new FactoryException(errorCode(), message);
    }

    private ErrorCode errorCode() {
        for (ErrorCode known : ErrorCode.values()) {
            if (known.name().equals(code)) {
                return known;
            }
        }
        // The other agent is newer and has more of them.
        return ErrorCode.INTERNAL;
    }
}
