package org.llmfactory.gateway.lorax;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.llmfactory.api.error.FactoryException;

/**
 * An error as LoRAX's clients read it.
 *
 * @param error the message
 * @param errorType {@code validation}, {@code overloaded}, {@code generation} or {@code not_found}
 */
record LoraxError(String error, @JsonProperty("error_type") String errorType) {
    LoraxError {
        Objects.requireNonNull(error, "error");
        Objects.requireNonNull(errorType, "errorType");
    }

    static LoraxError of(FactoryException failure) {
        String message =
                Objects.requireNonNullElse(failure.getMessage(), failure.code().name());
        String type = switch (failure.code()) {
            case OVERLOADED, RATE_LIMITED, TOKENS_LIMITED, QUOTA_EXCEEDED -> "overloaded";
            case MODEL_NOT_FOUND, NOT_FOUND -> "not_found";
            case INVALID_API_KEY, PERMISSION_DENIED -> "authentication";
            case INVALID_FILE, INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED -> "generation";
            case INVALID_REQUEST,
                    MISSING_PARAMETER,
                    INVALID_TYPE,
                    INVALID_VALUE,
                    UNSUPPORTED_PARAMETER,
                    CONTEXT_LENGTH_EXCEEDED,
                    ADAPTER_MISMATCH,
                    CONTENT_BLOCKED,
                    METHOD_NOT_ALLOWED,
                    CONFLICT,
                    PAYLOAD_TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE -> "validation";
        };
        return new LoraxError(message, type);
    }

    /** LoRAX's own status for a failure: 422 for what is refused, 429 when there is no room, 424 when it went wrong. */
    static int status(FactoryException failure) {
        return switch (failure.code()) {
            case INVALID_REQUEST,
                    MISSING_PARAMETER,
                    INVALID_TYPE,
                    INVALID_VALUE,
                    UNSUPPORTED_PARAMETER,
                    CONTEXT_LENGTH_EXCEEDED,
                    ADAPTER_MISMATCH,
                    CONTENT_BLOCKED -> 422;
            case OVERLOADED -> 429;
            case INVALID_FILE, INTERNAL -> 424;
            case INVALID_API_KEY,
                    PERMISSION_DENIED,
                    MODEL_NOT_FOUND,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    CONFLICT,
                    PAYLOAD_TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    RATE_LIMITED,
                    TOKENS_LIMITED,
                    QUOTA_EXCEEDED,
                    UNAVAILABLE,
                    DEADLINE_EXCEEDED -> failure.code().status();
        };
    }
}
