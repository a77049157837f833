package org.llmfactory.api.ledger;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that happened. The ledger adds id, time and place in the chain.
 *
 * @param type OpenAI's name where it has one, for example {@code api_key.created}; lower case, parted by dots
 * @param actor who did it
 * @param project id of the project it happened in
 * @param resource id of what it happened to
 * @param details values as JSON has them; never a secret, never a prompt
 */
public record AuditEvent(
        String type, Actor actor, Optional<String> project, Optional<String> resource, Map<String, Object> details) {
    public AuditEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(resource, "resource");
        details = Map.copyOf(details);
    }

    public static AuditEvent of(String type, Actor actor, Optional<String> project, String resource) {
        return new AuditEvent(type, actor, project, Optional.of(resource), Map.of());
    }

    /** The same with details. */
    public AuditEvent with(Map<String, Object> more) {
        return new AuditEvent(type, actor, project, resource, more);
    }
}
