package org.llmfactory.projects.rest.role;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A role that somebody has, and through whom. The last fields are OpenAI's for roles that people make. */
public record AssignedRole(
        String id,
        String name,
        List<String> permissions,
        String resourceType,
        boolean predefinedRole,
        @Nullable String description,
        @Nullable Long createdAt,
        @Nullable Long updatedAt,
        @Nullable String createdBy,
        @Nullable Map<String, String> createdByUserObj,
        @Nullable Map<String, String> metadata,
        List<Source> assignmentSources) {
    /**
     * Through whom.
     *
     * @param principalId the person himself or the group
     * @param principalType {@code user} or {@code group}
     */
    public record Source(String principalId, String principalType) {}

    public AssignedRole {
        permissions = List.copyOf(permissions);
        assignmentSources = List.copyOf(assignmentSources);
    }

    static AssignedRole of(PredefinedRole role, List<Source> sources) {
        return new AssignedRole(
                role.id(),
                role.name(),
                role.permissions(),
                role.resourceType(),
                true,
                role.description(),
                null,
                null,
                null,
                null,
                null,
                sources);
    }
}
