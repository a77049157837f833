package org.llmfactory.gateway.openai;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.gateway.governance.Governance;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination;

/**
 * The chats that were kept, for those who may see them: everyone his own, a project's owner those of all its members. A
 * chat that is somebody else's is for others as if it did not exist. Whoever touches one that is not his leaves an entry in
 * the audit log, and so does each removal.
 */
public final class StoredChats {
    private final Governance governance;

    public StoredChats(Governance governance) {
        this.governance = governance;
    }

    /**
     * A keeper for one answer.
     *
     * @throws FactoryException {@code OVERLOADED} while nothing can be kept
     */
    ChatKeeper keeper(Client client, ChatRequest request, @Nullable String requestId) {
        Caller caller = client.caller();
        AccessPolicy.check(
                caller,
                Action.KEEP_CHAT,
                Resource.owned(caller.project(), Resource.Kind.CHAT, "", caller.id(), Visibility.PROJECT));
        return new ChatKeeper(governance.chats(), caller, request.metadata(), requestId);
    }

    /** A page of the caller's own. */
    Pagination.Page<StoredChat> list(
            Caller caller, @Nullable String model, Map<String, String> metadata, Pagination.Query page) {
        ChatStore store = governance.chats();
        if (page.after() != null
                && store.find(caller.project(), page.after())
                        .filter(chat -> chat.owner().equals(caller.id()))
                        .isEmpty()) {
            throw JsonFields.invalidAt("after", "there is no item with this id");
        }
        List<StoredChat> found = store.list(new ChatStore.Query(
                caller.project(), caller.id(), model, metadata, page.after(), page.limit() + 1, page.descending()));
        List<StoredChat> data = found.subList(0, Math.min(page.limit(), found.size()));
        return new Pagination.Page<>(
                "list",
                data,
                data.isEmpty() ? null : data.get(0).id(),
                data.isEmpty() ? null : data.get(data.size() - 1).id(),
                found.size() > data.size());
    }

    /** One, to be read. */
    StoredChat read(Client client, String id) {
        StoredChat chat = find(client.caller(), id);
        recordOthers("chat.read", client, chat);
        return chat;
    }

    /** One with other metadata. */
    StoredChat update(Client client, String id, Map<String, String> metadata) {
        StoredChat chat = find(client.caller(), id);
        recordOthers("chat.updated", client, chat);
        return governance.chats().update(chat.project(), id, metadata).orElseThrow(() -> unknown(id));
    }

    /** Removes one. */
    void delete(Client client, String id) {
        StoredChat chat = find(client.caller(), id);
        recordOthers("chat.deleted", client, chat);
        governance.ledger().record(event("resource.deleted", client, chat));
        if (!governance.chats().delete(chat.project(), id)) {
            throw unknown(id);
        }
    }

    private StoredChat find(Caller caller, String id) {
        return governance
                .chats()
                .find(caller.project(), id)
                .filter(chat -> AccessPolicy.allows(caller, Action.KEEP_CHAT, Resource.of(chat)))
                .orElseThrow(() -> unknown(id));
    }

    private void recordOthers(String type, Client client, StoredChat chat) {
        if (!chat.owner().equals(client.caller().id())) {
            governance.ledger().record(event(type, client, chat));
        }
    }

    private static AuditEvent event(String type, Client client, StoredChat chat) {
        Actor actor = Actor.of(client.caller(), client.address());
        return AuditEvent.of(type, actor, Optional.of(chat.project()), chat.id())
                .with(Map.of("kind", "chat.completion", "owner", chat.owner()));
    }

    private static FactoryException unknown(String id) {
        return Resource.unknown(Resource.Kind.CHAT, id);
    }
}
