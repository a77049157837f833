package org.llmfactory.api.error;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure the caller is told about. The message is shown to people: it says what is wrong and, where it can, what to
 * do; it never holds a secret, a prompt or a path of the server.
 */
public final class FactoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String parameter;
    private final @Nullable Duration retryAfter;
    private final Map<String, String> headers;

    public FactoryException(ErrorCode code, String message) {
        this(code, message, null, null, Map.of(), null);
    }

    public FactoryException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, null, Map.of(), cause);
    }

    private FactoryException(
            ErrorCode code,
            String message,
            @Nullable String parameter,
            @Nullable Duration retryAfter,
            Map<String, String> headers,
            @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.code = Objects.requireNonNull(code, "code");
        this.parameter = parameter;
        this.retryAfter = retryAfter;
        this.headers = Map.copyOf(headers);
    }

    /** A failure caused by one field of the request, named by its JSON path, for example {@code messages[0].role}. */
    public static FactoryException ofParameter(ErrorCode code, String parameter, String message) {
        return new FactoryException(code, message, parameter, null, Map.of(), null);
    }

    /** A failure that passes: the caller may try again after {@code delay}, which is at least one second. */
    public static FactoryException retryLater(ErrorCode code, Duration delay, String message) {
        return new FactoryException(code, message, null, delay, Map.of(), null);
    }

    /** The same failure, whose answer has these headers too. */
    public FactoryException withHeaders(Map<String, String> more) {
        String message = Objects.requireNonNull(getMessage());
        return new FactoryException(code, message, parameter, retryAfter, more, getCause());
    }

    public ErrorCode code() {
        return code;
    }

    /** The JSON path of the field at fault. */
    public Optional<String> parameter() {
        return Optional.ofNullable(parameter);
    }

    /** When it makes sense to try again. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Headers of the answer, beside those that follow from what else is known; most failures have none. */
    public Map<String, String> headers() {
        return headers;
    }
}
