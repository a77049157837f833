package org.llmfactory.ledger.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.chain.EntryFields;
import org.llmfactory.ledger.chain.EntryText;

/** Entries in OpenAI's shape. */
final class AuditLogMapper {
    /** Types whose details stand beside the id. */
    private static final Set<String> FLAT = Set.of(
            "role.created",
            "role.assignment.created",
            "role.assignment.deleted",
            "ip_allowlist.created",
            "ip_allowlist.updated",
            "ip_allowlist.deleted",
            "login.failed",
            "logout.failed");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Names names;

    AuditLogMapper(Names names) {
        this.names = names;
    }

    /** The audit log object of an entry; only its place is told of one that was damaged. */
    ObjectNode toObject(ChainEntry row) {
        JsonNode entry = EntryText.read(row.text());
        ObjectNode object = JSON.objectNode();
        object.put("id", row.link().id());
        object.put("type", row.index().type());
        object.put("effective_at", Math.floorDiv(row.link().at(), 1000));
        row.index().project().ifPresent(project -> object.set("project", project(project)));
        if (entry != null) {
            JsonNode actor = entry.path("actor");
            if (!"system".equals(actor.path("kind").asText())) {
                object.set("actor", actor(actor));
            }
            object.set(row.index().type(), details(row.index().type(), entry));
        }
        return object;
    }

    private ObjectNode project(String id) {
        ObjectNode project = JSON.objectNode().put("id", id);
        names.project(id).ifPresent(name -> project.put("name", name));
        return project;
    }

    private ObjectNode actor(JsonNode actor) {
        String id = actor.path("id").asText();
        return switch (actor.path("kind").asText()) {
            case "session" -> session(user(id), actor);
            // What someone who is not signed in calls himself is at best his address.
            case "anonymous" -> session(JSON.objectNode().put("email", id), actor);
            default -> apiKey(id, actor);
        };
    }

    private static ObjectNode session(ObjectNode user, JsonNode actor) {
        ObjectNode session = JSON.objectNode();
        session.set("user", user);
        session.put("ip_address", actor.path("address").asText());
        ObjectNode object = JSON.objectNode().put("type", "session");
        object.set("session", session);
        return object;
    }

    private ObjectNode apiKey(String id, JsonNode actor) {
        ObjectNode key = JSON.objectNode();
        EntryFields.text(actor, "api_key").ifPresent(known -> key.put("id", known));
        if (id.startsWith("svc_acct_")) {
            key.put("type", "service_account");
            key.set("service_account", JSON.objectNode().put("id", id));
        } else {
            key.put("type", "user");
            key.set("user", user(id));
        }
        ObjectNode object = JSON.objectNode().put("type", "api_key");
        object.set("api_key", key);
        return object;
    }

    private ObjectNode user(String id) {
        ObjectNode user = JSON.objectNode().put("id", id);
        names.email(id).ifPresent(email -> user.put("email", email));
        return user;
    }

    private static ObjectNode details(String type, JsonNode entry) {
        ObjectNode object = JSON.objectNode();
        EntryFields.text(entry, "resource").ifPresent(id -> object.put("id", id));
        JsonNode details = entry.path("details");
        if (FLAT.contains(type)) {
            details.properties().forEach(field -> object.set(field.getKey(), field.getValue()));
        } else if (!details.isEmpty()) {
            object.set(type.endsWith(".updated") ? "changes_requested" : "data", details);
        }
        if (entry.has("usage")) {
            object.set("usage", entry.get("usage"));
        }
        return object;
    }
}
