package org.llmfactory.api.chat;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A conversation that was kept.
 *
 * @param id of the completion, {@code chatcmpl-…}
 * @param project whose it is
 * @param owner the principal who asked
 * @param model as the answer names it
 * @param created when it was answered
 * @param metadata at most 16 pairs, set by the owner
 * @param request the request's body, JSON
 * @param completion the answer's body, JSON
 */
public record StoredChat(
        String id,
        String project,
        String owner,
        String model,
        Instant created,
        Map<String, String> metadata,
        String request,
        String completion) {
    public StoredChat {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(created, "created");
        metadata = Map.copyOf(metadata);
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(completion, "completion");
    }

    /** Says nothing of what was said. */
    @Override
    public String toString() {
        return "StoredChat[" + id + "]";
    }
}
