package org.llmfactory.projects.state;

import java.time.Instant;
import java.util.Objects;
import org.llmfactory.api.identity.OrganizationRole;

/**
 * People who get roles together.
 *
 * @param id {@code group-…}
 * @param name unique; an identity provider's group of this name brings its people along
 * @param role what its people are in the organization; {@code NONE} adds nothing
 */
public record Group(String id, String name, OrganizationRole role, Instant created) {
    public Group {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(created, "created");
    }
}
