package org.llmfactory.projects.state;

import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;

/**
 * What a change has changed, found by comparing: so no way of changing something can forget what follows from it.
 *
 * @param before all there was
 * @param after all there is
 */
public record Difference(Organization before, Organization after) {
    /**
     * A principal who is no longer where he was.
     *
     * @param project empty when he is gone altogether
     */
    public record Departure(String principal, Optional<String> project) {}

    /**
     * Refuses to leave the organization or an active project without the owner it had.
     *
     * @throws FactoryException {@code CONFLICT}
     */
    public void keepOwners() {
        if (before.owned() && !after.owned()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "This would leave the organization without an owner; make somebody else an owner first.");
        }
        Set<String> still = after.places().ownedProjects();
        for (String project : before.places().ownedProjects()) {
            if (!still.contains(project)
                    && after.project(project).filter(Project::active).isPresent()) {
                throw new FactoryException(
                        ErrorCode.CONFLICT,
                        "This would leave the project '" + project
                                + "' without an owner; make somebody else its owner first.");
            }
        }
    }

    /** Who is gone, and who left a project that goes on. */
    public Set<Departure> departures() {
        Set<Departure> departures = new HashSet<>();
        principals(before)
                .filter(principal -> !known(after, principal))
                .forEach(principal -> departures.add(new Departure(principal, Optional.empty())));
        principals(before)
                .filter(principal -> known(after, principal))
                .forEach(principal -> before.places().roles(principal).keySet().stream()
                        .filter(project -> !after.places().roles(principal).containsKey(project))
                        .filter(project ->
                                after.project(project).filter(Project::active).isPresent())
                        .forEach(project -> departures.add(new Departure(principal, Optional.of(project)))));
        return departures;
    }

    /** Owners of the organization who are there still, but owners no longer. */
    public Set<String> demoted() {
        return after.users().stream()
                .filter(user -> user.role() != OrganizationRole.OWNER)
                .map(User::id)
                .filter(id -> before.user(id)
                        .filter(user -> user.role() == OrganizationRole.OWNER)
                        .isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The projects that were archived. */
    public Set<String> archived() {
        return before.projects().stream()
                .filter(Project::active)
                .map(Project::id)
                .filter(id -> after.project(id).filter(Project::active).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The people and service accounts whose roles, names or existence changed. */
    public Set<String> principals() {
        return Stream.concat(principals(before), principals(after))
                .distinct()
                .filter(id -> !before.user(id).equals(after.user(id))
                        || !before.serviceAccount(id).equals(after.serviceAccount(id))
                        || !before.places().roles(id).equals(after.places().roles(id)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The projects that came, went, or decided something. */
    public Set<String> projects() {
        return Stream.concat(before.projects().stream(), after.projects().stream())
                .map(Project::id)
                .distinct()
                .filter(id -> !before.project(id).equals(after.project(id))
                        || !Objects.equals(before.settings(id), after.settings(id)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> principals(Organization organization) {
        return Stream.concat(
                organization.users().stream().map(User::id),
                organization.serviceAccounts().stream().map(ServiceAccount::id));
    }

    private static boolean known(Organization organization, String principal) {
        return organization.user(principal).isPresent()
                || organization.serviceAccount(principal).isPresent();
    }
}
