package org.llmfactory.projects.state;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;

/**
 * What everyone is worth in the end: his own roles, those of his groups and those of his identity provider's groups, the
 * strongest of each.
 *
 * @param groups ids of the groups each person is in
 * @param organization role of each person in the organization
 * @param projects roles of each person and service account by active project
 */
record Roles(
        Map<String, Set<String>> groups,
        Map<String, OrganizationRole> organization,
        Map<String, Map<String, ProjectRole>> projects) {
    static Roles of(Rows rows, GroupMapping mapping) {
        Map<String, Set<String>> provided = rows.providerGroups().stream()
                .collect(Collectors.groupingBy(
                        Rows.ProviderGroup::user,
                        Collectors.mapping(Rows.ProviderGroup::name, Collectors.toUnmodifiableSet())));
        Map<String, Set<String>> groups = groups(rows, provided);
        return new Roles(
                groups, organization(rows, groups, provided, mapping), projects(rows, groups, provided, mapping));
    }

    private static Map<String, Set<String>> groups(Rows rows, Map<String, Set<String>> provided) {
        Map<String, Set<String>> groups = new HashMap<>();
        for (Rows.GroupMember member : rows.groupMembers()) {
            groups.computeIfAbsent(member.user(), any -> new HashSet<>()).add(member.group());
        }
        Map<String, String> byName = rows.groups().stream().collect(Collectors.toMap(Group::name, Group::id));
        provided.forEach((user, names) -> names.stream()
                .filter(byName::containsKey)
                .forEach(name ->
                        groups.computeIfAbsent(user, any -> new HashSet<>()).add(byName.getOrDefault(name, name))));
        return groups;
    }

    private static Map<String, OrganizationRole> organization(
            Rows rows, Map<String, Set<String>> groups, Map<String, Set<String>> provided, GroupMapping mapping) {
        Map<String, OrganizationRole> byGroup =
                rows.groups().stream().collect(Collectors.toMap(Group::id, Group::role));
        Map<String, OrganizationRole> roles = new HashMap<>();
        for (User user : rows.users()) {
            OrganizationRole role = user.role();
            for (String group : groups.getOrDefault(user.id(), Set.of())) {
                role = stronger(role, byGroup.getOrDefault(group, OrganizationRole.NONE));
            }
            for (String name : provided.getOrDefault(user.id(), Set.of())) {
                for (GroupMapping.Grant grant : mapping.grants(name)) {
                    role = stronger(role, grant.organizationRole());
                }
            }
            roles.put(user.id(), role);
        }
        return roles;
    }

    private static Map<String, Map<String, ProjectRole>> projects(
            Rows rows, Map<String, Set<String>> groups, Map<String, Set<String>> provided, GroupMapping mapping) {
        Set<String> active = rows.projects().stream()
                .filter(Project::active)
                .map(Project::id)
                .collect(Collectors.toUnmodifiableSet());
        Grants grants = new Grants(active::contains, new LinkedHashMap<>());
        rows.memberships().forEach(place -> grants.add(place.user(), place.project(), place.role()));
        rows.serviceAccounts().forEach(account -> grants.add(account.id(), account.project(), account.role()));
        Map<String, List<Rows.GroupGrant>> byGroup =
                rows.groupGrants().stream().collect(Collectors.groupingBy(Rows.GroupGrant::group));
        groups.forEach((user, ids) -> ids.forEach(id ->
                byGroup.getOrDefault(id, List.of()).forEach(grant -> grants.add(user, grant.project(), grant.role()))));
        provided.forEach((user, names) -> names.forEach(name -> mapping.grants(name)
                .forEach(grant ->
                        grant.project().ifPresent(project -> grants.add(user, project, grant.projectRole())))));
        grants.byPrincipal().replaceAll((principal, roles) -> Map.copyOf(roles));
        return grants.byPrincipal();
    }

    private static OrganizationRole stronger(OrganizationRole one, OrganizationRole other) {
        return one.covers(other) ? one : other;
    }

    private record Grants(Predicate<String> active, Map<String, Map<String, ProjectRole>> byPrincipal) {
        void add(String principal, String project, ProjectRole role) {
            if (active.test(project)) {
                byPrincipal
                        .computeIfAbsent(principal, any -> new HashMap<>())
                        .merge(project, role, (one, other) -> one.covers(other) ? one : other);
            }
        }
    }
}
