package org.llmfactory.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * An error as OpenAI's clients read it, with the top-level copies that older clients of this platform look at.
 *
 * @param error the error proper
 * @param errorMessage copy of the message
 * @param message copy of the message
 * @param type copy of the type
 */
public record ErrorBody(
        Detail error, @JsonProperty("error_message") String errorMessage, String message, String type) {
    /**
     * OpenAI's error object; all four keys are always written.
     *
     * @param message for people
     * @param type OpenAI's error type
     * @param param JSON path of the field at fault, or null
     * @param code OpenAI's error code, or null
     */
    public record Detail(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {
        public Detail {
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(type, "type");
        }
    }

    /** An error event inside a stream: the error alone, without the copies. */
    public record Event(Detail error) {}

    public static ErrorBody of(FactoryException failure) {
        return of(detail(failure));
    }

    /** The body for an HTTP status that no {@link ErrorCode} stands for. */
    public static ErrorBody of(int status, String message) {
        String type = status < 500 ? ErrorCode.INVALID_REQUEST.type() : ErrorCode.INTERNAL.type();
        return of(new Detail(message, type, null, null));
    }

    public static Event eventOf(FactoryException failure) {
        return new Event(detail(failure));
    }

    private static ErrorBody of(Detail detail) {
        return new ErrorBody(detail, detail.message(), detail.message(), detail.type());
    }

    private static Detail detail(FactoryException failure) {
        ErrorCode code = failure.code();
        String message = Objects.requireNonNullElse(failure.getMessage(), code.name());
        return new Detail(message, code.type(), failure.parameter().orElse(null), code.code());
    }
}
