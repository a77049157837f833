package org.llmfactory.projects.rest.role;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.rest.JsonFields;

/**
 * A role as OpenAI shows it. The roles are fixed; their permissions are read from the table of {@link Action}.
 *
 * @param permissions the actions that it opens, in lower case
 */
public record PredefinedRole(
        String object,
        String id,
        String name,
        @Nullable String description,
        List<String> permissions,
        String resourceType,
        boolean predefinedRole) {
    private static final String ORGANIZATION = "role-organization-";
    private static final String PROJECT = "role-project-";

    public PredefinedRole {
        permissions = List.copyOf(permissions);
    }

    /** The roles in the organization, strongest first. */
    public static List<PredefinedRole> organization() {
        return Stream.of(OrganizationRole.OWNER, OrganizationRole.READER)
                .map(PredefinedRole::of)
                .toList();
    }

    /** The roles in a project, strongest first. */
    public static List<PredefinedRole> project() {
        return Stream.of(ProjectRole.OWNER, ProjectRole.MAINTAINER, ProjectRole.MEMBER, ProjectRole.VIEWER)
                .map(PredefinedRole::of)
                .toList();
    }

    public static PredefinedRole of(OrganizationRole role) {
        String description = role == OrganizationRole.OWNER
                ? "Administers the platform and all of its projects."
                : "Belongs to the organization; works in the projects that let him.";
        return new PredefinedRole(
                "role",
                ORGANIZATION + Inputs.word(role),
                Inputs.word(role),
                description,
                actions(action -> action.organizationRole().filter(role::covers).isPresent()),
                "api.organization",
                true);
    }

    public static PredefinedRole of(ProjectRole role) {
        String description = switch (role) {
            case OWNER -> "Decides over the project: members, settings, policies.";
            case MAINTAINER -> "Looks after the project: adapters, presets and service accounts of everyone.";
            case MEMBER -> "Uses the project: calls models, makes adapters and keys of his own.";
            case VIEWER -> "Sees what the project has.";
        };
        return new PredefinedRole(
                "role",
                PROJECT + Inputs.word(role),
                Inputs.word(role),
                description,
                actions(action -> action.projectRole().filter(role::covers).isPresent()
                        || action.ownRole().filter(role::covers).isPresent()),
                "api.project",
                true);
    }

    private static List<String> actions(Predicate<Action> opened) {
        return Stream.of(Action.values()).filter(opened).map(Inputs::word).toList();
    }

    /** The organization's role that an id or a name means. */
    public static OrganizationRole organizationRole(String reference) {
        Optional<OrganizationRole> role = Stream.of(OrganizationRole.OWNER, OrganizationRole.READER)
                .filter(known -> meant(reference, ORGANIZATION, Inputs.word(known)))
                .findFirst();
        return Lookup.found(role, "role", reference);
    }

    /** The project's role that an id or a name means. */
    public static ProjectRole projectRole(String reference) {
        Optional<ProjectRole> role = Stream.of(ProjectRole.values())
                .filter(known -> meant(reference, PROJECT, Inputs.word(known)))
                .findFirst();
        return Lookup.found(role, "role", reference);
    }

    /**
     * The project's role that a field means, by id or name.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_VALUE} when it means none
     */
    public static ProjectRole projectRole(JsonFields fields, String field) {
        String reference = fields.requiredString(field);
        return Stream.of(ProjectRole.values())
                .filter(known -> meant(reference, PROJECT, Inputs.word(known)))
                .findFirst()
                .orElseThrow(() -> fields.invalid(field, "expected 'owner', 'maintainer', 'member' or 'viewer'"));
    }

    private static boolean meant(String reference, String prefix, String name) {
        return reference.equals(name) || reference.equals(prefix + name);
    }
}
