package org.llmfactory.api.error;

import org.jspecify.annotations.Nullable;

/**
 * Every way a request can fail, with the HTTP status and the OpenAI {@code type} and {@code code} it is reported under.
 */
public enum ErrorCode {
    /** The request cannot be read or contradicts itself. */
    INVALID_REQUEST(400, "invalid_request_error", null),
    /** A required field is absent. */
    MISSING_PARAMETER(400, "invalid_request_error", "missing_required_parameter"),
    /** A field has the wrong JSON type. */
    INVALID_TYPE(400, "invalid_request_error", "invalid_type"),
    /** A field has a value outside its range. */
    INVALID_VALUE(400, "invalid_request_error", "invalid_value"),
    /** The request asks for something this model or server does not do. */
    UNSUPPORTED_PARAMETER(400, "invalid_request_error", "unsupported_parameter"),
    /** Prompt and completion together do not fit the model's context. */
    CONTEXT_LENGTH_EXCEEDED(400, "invalid_request_error", "context_length_exceeded"),
    /** The adapter was made for another base model than the one addressed. */
    ADAPTER_MISMATCH(400, "invalid_request_error", "adapter_base_mismatch"),
    /** A model or adapter file is damaged, hostile or of a kind that is not served. */
    INVALID_FILE(400, "invalid_request_error", "invalid_file"),
    /** The content policy of the project forbids it. */
    CONTENT_BLOCKED(400, "invalid_request_error", "content_policy_violation"),
    /** No key, or one that is wrong or revoked. */
    INVALID_API_KEY(401, "invalid_request_error", "invalid_api_key"),
    /** The key is good, the right is missing. */
    PERMISSION_DENIED(403, "invalid_request_error", "insufficient_permissions"),
    /** No such model or adapter, or none this caller may know of. */
    MODEL_NOT_FOUND(404, "invalid_request_error", "model_not_found"),
    /** No such resource. */
    NOT_FOUND(404, "invalid_request_error", null),
    /** The URL exists, the HTTP method does not. */
    METHOD_NOT_ALLOWED(405, "invalid_request_error", null),
    /** The state of the resource forbids the action. */
    CONFLICT(409, "conflict_error", null),
    /** The body or upload is over the limit. */
    PAYLOAD_TOO_LARGE(413, "invalid_request_error", null),
    /** The body is not of a media type this URL takes. */
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error", null),
    /** The caller sends more requests than its share. */
    RATE_LIMITED(429, "requests", "rate_limit_exceeded"),
    /** The caller uses more tokens than its share. */
    TOKENS_LIMITED(429, "tokens", "rate_limit_exceeded"),
    /** The budget is used up; trying again is no use before it begins anew. */
    QUOTA_EXCEEDED(429, "insufficient_quota", "insufficient_quota"),
    /** The platform is at fault. */
    INTERNAL(500, "server_error", null),
    /** Every queue is full, or no engine serves the model at present. */
    OVERLOADED(503, "service_unavailable_error", "server_is_overloaded"),
    /** What was working on it cannot be reached any more; nothing is wrong with the request. */
    UNAVAILABLE(503, "service_unavailable_error", "engine_unavailable"),
    /** The request's deadline passed before it was answered. */
    DEADLINE_EXCEEDED(504, "server_error", "deadline_exceeded");

    private final int status;
    private final String type;
    private final @Nullable String code;

    ErrorCode(int status, String type, @Nullable String code) {
        this.status = status;
        this.type = type;
        this.code = code;
    }

    /** The HTTP status, 400 to 599. */
    public int status() {
        return status;
    }

    /** OpenAI's {@code error.type}. */
    public String type() {
        return type;
    }

    /** OpenAI's {@code error.code}, or null where OpenAI sends null. */
    public @Nullable String code() {
        return code;
    }
}
