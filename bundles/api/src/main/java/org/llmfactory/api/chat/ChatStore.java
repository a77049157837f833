package org.llmfactory.api.chat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps conversations, encrypted, for as long as the project's settings say. Rights are the caller's business. OSGi
 * service; safe for use by several threads.
 */
@ProviderType
public interface ChatStore {
    /**
     * Which chats to list.
     *
     * @param owner whose, or null for the whole project
     * @param model the model's name, or null
     * @param metadata pairs that must all be there
     * @param after id of the chat before the page, or null
     * @param limit at least 1
     * @param descending newest first
     */
    record Query(
            String project,
            @Nullable String owner,
            @Nullable String model,
            Map<String, String> metadata,
            @Nullable String after,
            int limit,
            boolean descending) {
        public Query {
            metadata = Map.copyOf(metadata);
        }
    }

    /** Keeps a chat; durable when it returns. */
    void save(StoredChat chat);

    Optional<StoredChat> find(String project, String id);

    /** One page. */
    List<StoredChat> list(Query query);

    /** Replaces the metadata; empty when there is no such chat. */
    Optional<StoredChat> update(String project, String id, Map<String, String> metadata);

    /** Deletes a chat; false when there was none. */
    boolean delete(String project, String id);
}
