package org.llmfactory.projects.rest.role;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.rest.Pages.NextPage;

/**
 * The roles that there are in the organization or in a project: to be looked at, not to be changed.
 *
 * @param roles strongest first
 * @param lookup finds the one that an id or a name means
 */
record FixedRoles(List<PredefinedRole> roles, Function<String, PredefinedRole> lookup) {
    static final FixedRoles ORGANIZATION = new FixedRoles(
            PredefinedRole.organization(), reference -> PredefinedRole.of(PredefinedRole.organizationRole(reference)));

    static final FixedRoles PROJECT = new FixedRoles(
            PredefinedRole.project(), reference -> PredefinedRole.of(PredefinedRole.projectRole(reference)));

    FixedRoles {
        roles = List.copyOf(roles);
    }

    NextPage<PredefinedRole> list(@Nullable String limit, @Nullable String after, @Nullable String order) {
        return Pages.next(roles, limit, after, order, PredefinedRole::id, role -> role);
    }

    /** The role that an id or a name means. */
    PredefinedRole get(String reference) {
        return lookup.apply(reference);
    }

    /** What is said to the wish for other roles. */
    static FactoryException fixed() {
        return new FactoryException(
                ErrorCode.INVALID_REQUEST,
                "The roles are fixed here: they can be given and taken, but not made, changed or deleted.");
    }
}
