package org.llmfactory.projects.rest.role;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.rest.role.AssignedRole.Source;
import org.llmfactory.projects.state.Group;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Rows;

/** Who has which role through whom. */
final class Assignments {
    private Assignments() {}

    /** The roles of a person in the organization, strongest first. */
    static List<AssignedRole> organization(Organization now, User user) {
        Map<OrganizationRole, List<Source>> sources = new EnumMap<>(OrganizationRole.class);
        add(sources, now.ownRole(user.id()), new Source(user.id(), "user"));
        now.groups().all().stream()
                .filter(group -> now.groups().of(user.id()).contains(group.id()))
                .forEach(group -> add(sources, group.role(), new Source(group.id(), "group")));
        sources.remove(OrganizationRole.NONE);
        sources.computeIfAbsent(user.role(), byProvider -> List.of());
        return assigned(sources, PredefinedRole::of);
    }

    /** The role of a group in the organization, if it has one. */
    static List<AssignedRole> organization(Group group) {
        return group.role() == OrganizationRole.NONE
                ? List.of()
                : List.of(AssignedRole.of(PredefinedRole.of(group.role()), List.of(new Source(group.id(), "group"))));
    }

    /** The roles of a person in a project, strongest first. */
    static List<AssignedRole> project(Organization now, String project, User user) {
        Map<ProjectRole, List<Source>> sources = new EnumMap<>(ProjectRole.class);
        now.places()
                .own(project, user.id())
                .ifPresent(place -> add(sources, place.role(), new Source(user.id(), "user")));
        now.places().ofGroups().stream()
                .filter(grant -> grant.project().equals(project))
                .filter(grant -> now.groups().of(user.id()).contains(grant.group()))
                .forEach(grant -> add(sources, grant.role(), new Source(grant.group(), "group")));
        Optional.ofNullable(now.places().roles(user.id()).get(project))
                .ifPresent(role -> sources.computeIfAbsent(role, byProvider -> List.of()));
        return assigned(sources, PredefinedRole::of);
    }

    /** The role of a group in a project, if it has one. */
    static List<AssignedRole> project(Organization now, String project, Group group) {
        return now
                .places()
                .ofGroup(project, group.id())
                .map(Rows.GroupGrant::role)
                .map(role -> AssignedRole.of(PredefinedRole.of(role), List.of(new Source(group.id(), "group"))))
                .stream()
                .toList();
    }

    /** The one of these roles that an id or a name means. */
    static AssignedRole find(List<AssignedRole> roles, String reference) {
        return roles.stream()
                .filter(role -> role.id().equals(reference) || role.name().equals(reference))
                .findFirst()
                .orElseThrow(() -> unassigned(reference));
    }

    /** What is said of a role that somebody does not have. */
    static FactoryException unassigned(String reference) {
        return new FactoryException(
                ErrorCode.NOT_FOUND, "No role '" + reference + "' is assigned here, or you do not have access to it.");
    }

    private static <R extends Enum<R>> void add(Map<R, List<Source>> sources, R role, Source source) {
        sources.computeIfAbsent(role, any -> new ArrayList<>()).add(source);
    }

    private static <R extends Enum<R>> List<AssignedRole> assigned(
            Map<R, List<Source>> sources, Function<R, PredefinedRole> wire) {
        return sources.entrySet().stream()
                .sorted(Map.Entry.<R, List<Source>>comparingByKey(Comparator.reverseOrder()))
                .map(entry -> AssignedRole.of(wire.apply(entry.getKey()), entry.getValue()))
                .toList();
    }
}
