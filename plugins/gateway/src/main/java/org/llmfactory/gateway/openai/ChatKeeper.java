package org.llmfactory.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.Json;

/**
 * Keeps one request with its answer.
 *
 * @param store where to
 * @param caller whose it is
 * @param metadata kept with it
 * @param requestId the id that the request was given, or null
 */
record ChatKeeper(
        ChatStore store,
        Caller caller,
        Map<String, String> metadata,
        @Nullable String requestId) {
    /** The fields of a request that are kept: those that stored completions show. */
    private static final List<String> KEPT = List.of(
            "messages",
            "tools",
            "tool_choice",
            "temperature",
            "top_p",
            "presence_penalty",
            "frequency_penalty",
            "seed",
            "response_format",
            "user");

    ChatKeeper {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(caller, "caller");
        metadata = Map.copyOf(metadata);
    }

    /** Keeps it; durable when this returns. */
    void keep(ChatCompletion completion, ObjectNode body) {
        ObjectNode request = Json.MAPPER.createObjectNode();
        KEPT.stream().filter(body::hasNonNull).forEach(field -> request.set(field, body.get(field)));
        request.put("request_id", requestId);
        store.save(new StoredChat(
                completion.id(),
                caller.project(),
                caller.id(),
                completion.model(),
                Instant.now(),
                metadata,
                new String(Json.write(request), UTF_8),
                new String(Json.write(completion), UTF_8)));
    }
}
