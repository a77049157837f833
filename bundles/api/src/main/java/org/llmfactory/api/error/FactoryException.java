package org.llmfactory.api.error;

import java.time.Duration;
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

    public FactoryException(ErrorCode code, String message) {
        this(code, message, null, null, null);
    }

    public FactoryException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, null, cause);
    }

    private FactoryException(
            ErrorCode code,
            String message,
            @Nullable String parameter,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.code = Objects.requireNonNull(code, "code");
        this.parameter = parameter;
        this.retryAfter = retryAfter;
    }

    /** A failure caused by one field of the request, named by its JSON path, for example {@code messages[0].role}. */
    public static FactoryException ofParameter(ErrorCode code, String parameter, String message) {
        return new FactoryException(code, message, parameter, null, null);
    }

    /** A failure that passes: the caller may try again after {@code delay}, which is at least one second. */
    public static FactoryException retryLater(ErrorCode code, Duration delay, String message) {
        return new FactoryException(code, message, null, delay, null);
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
}
