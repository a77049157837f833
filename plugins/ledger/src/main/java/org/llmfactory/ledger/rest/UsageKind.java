package org.llmfactory.ledger.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.llmfactory.ledger.usage.Sums;

/**
 * Kinds of use that OpenAI reports apart. An endpoint counts under the kind's name; what has no tokens counts its own unit
 * (characters, bytes) as input, or the pictures made as output.
 */
enum UsageKind {
    COMPLETIONS("completions"),
    EMBEDDINGS("embeddings"),
    MODERATIONS("moderations"),
    IMAGES("images"),
    AUDIO_SPEECHES("audio_speeches"),
    AUDIO_TRANSCRIPTIONS("audio_transcriptions"),
    VECTOR_STORES("vector_stores"),
    CODE_INTERPRETER_SESSIONS("code_interpreter_sessions"),
    FILE_SEARCH_CALLS("file_searches"),
    WEB_SEARCH_CALLS("web_searches");

    private final String object;

    UsageKind(String object) {
        this.object = "organization.usage." + object + ".result";
    }

    /** The kind with this last part of its path. */
    static Optional<UsageKind> of(String path) {
        return Stream.of(values()).filter(kind -> kind.endpoint().equals(path)).findAny();
    }

    /** What the ledger counts it under, and the last part of its path. */
    String endpoint() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The {@code object} of its results. */
    String object() {
        return object;
    }

    /** What OpenAI can group it by and this platform does not tell apart. */
    List<String> notToldApart() {
        return switch (this) {
            case COMPLETIONS -> List.of("batch", "service_tier");
            case IMAGES -> List.of("size", "source");
            case FILE_SEARCH_CALLS -> List.of("vector_store_id");
            case WEB_SEARCH_CALLS -> List.of("context_level");
            case EMBEDDINGS,
                    MODERATIONS,
                    AUDIO_SPEECHES,
                    AUDIO_TRANSCRIPTIONS,
                    VECTOR_STORES,
                    CODE_INTERPRETER_SESSIONS -> List.of();
        };
    }

    /** Writes its counts. */
    void write(ObjectNode result, Sums sums) {
        switch (this) {
            case COMPLETIONS -> writeTokens(result, sums);
            case EMBEDDINGS, MODERATIONS -> result.put("input_tokens", sums.input());
            case IMAGES -> result.put("images", sums.output());
            case AUDIO_SPEECHES -> result.put("characters", sums.input());
            case AUDIO_TRANSCRIPTIONS -> result.put("seconds", (sums.audioMillis() + 999) / 1000);
            case VECTOR_STORES -> result.put("usage_bytes", sums.input());
            case CODE_INTERPRETER_SESSIONS -> result.put("num_sessions", sums.requests());
            case FILE_SEARCH_CALLS, WEB_SEARCH_CALLS -> result.put("num_requests", sums.requests());
        }
        if (isCountedByRequest()) {
            result.put("num_model_requests", sums.requests());
        }
    }

    private boolean isCountedByRequest() {
        return switch (this) {
            case COMPLETIONS, EMBEDDINGS, MODERATIONS, IMAGES, AUDIO_SPEECHES, AUDIO_TRANSCRIPTIONS, WEB_SEARCH_CALLS ->
                true;
            case VECTOR_STORES, CODE_INTERPRETER_SESSIONS, FILE_SEARCH_CALLS -> false;
        };
    }

    private static void writeTokens(ObjectNode result, Sums sums) {
        result.put("input_tokens", sums.input())
                .put("input_cached_tokens", sums.cached())
                .put("input_uncached_tokens", sums.input() - sums.cached())
                .put("output_tokens", sums.output())
                .put("input_text_tokens", sums.input())
                .put("output_text_tokens", sums.output())
                .put("input_cached_text_tokens", sums.cached())
                .put("input_audio_tokens", 0)
                .put("output_audio_tokens", 0);
    }
}
