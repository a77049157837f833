package org.llmfactory.policies.content;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One version of a policy, as it is kept. Versions never change.
 *
 * @param id {@code policy_…}, the same for all versions
 * @param project whose it is; empty for the organization's, which every project may choose
 * @param name unique in the project or organization
 * @param version from 1
 * @param definition JSON
 * @param created when this version was made
 * @param createdBy id of who made it
 */
public record StoredPolicy(
        String id,
        Optional<String> project,
        String name,
        int version,
        String definition,
        Instant created,
        String createdBy) {
    public StoredPolicy {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(definition, "definition");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(createdBy, "createdBy");
    }

    /** The definition as it is shown. */
    public ObjectNode definitionTree() {
        return DefinitionJson.tree(definition);
    }
}
