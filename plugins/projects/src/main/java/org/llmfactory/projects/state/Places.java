package org.llmfactory.projects.state;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;

/** Who has which place in which project: people of their own or through groups, service accounts, groups. Immutable. */
public final class Places {
    private final Rows rows;
    private final Collection<User> people;
    private final Groups groups;
    private final Map<String, Map<String, ProjectRole>> roles;
    private final Map<String, Map<String, Rows.Membership>> own;

    /**
     * The places of some rows.
     *
     * @param people oldest first
     * @param roles the roles that hold in the end, by principal and active project
     */
    Places(Rows rows, Collection<User> people, Groups groups, Map<String, Map<String, ProjectRole>> roles) {
        this.rows = rows;
        this.people = people;
        this.groups = groups;
        this.roles = roles;
        this.own = rows.memberships().stream()
                .collect(Collectors.groupingBy(
                        Rows.Membership::project,
                        Collectors.toUnmodifiableMap(Rows.Membership::user, Function.identity())));
    }

    /** Roles of a person or service account by active project. */
    public Map<String, ProjectRole> roles(String principal) {
        return roles.getOrDefault(principal, Map.of());
    }

    /** A person's place of his own in a project. */
    public Optional<Rows.Membership> own(String project, String user) {
        return Optional.ofNullable(own.getOrDefault(project, Map.of()).get(user));
    }

    /** The places of groups, oldest first. */
    public List<Rows.GroupGrant> ofGroups() {
        return rows.groupGrants();
    }

    /** A group's place in a project. */
    public Optional<Rows.GroupGrant> ofGroup(String project, String group) {
        return rows.groupGrants().stream()
                .filter(grant ->
                        grant.project().equals(project) && grant.group().equals(group))
                .findFirst();
    }

    /** The people of an active project, through groups too; oldest first. */
    public List<Member> members(String project) {
        return people.stream()
                .flatMap(user -> member(project, user).stream())
                .sorted((one, other) -> one.added().compareTo(other.added()))
                .toList();
    }

    /** One of the people of an active project. */
    public Optional<Member> member(String project, User user) {
        return Optional.ofNullable(roles(user.id()).get(project)).map(role -> {
            Optional<Rows.Membership> place = own(project, user.id());
            return new Member(
                    user,
                    role,
                    place.isPresent(),
                    place.map(Rows.Membership::added).orElseGet(() -> added(project, user)));
        });
    }

    private Instant added(String project, User user) {
        return rows.groupGrants().stream()
                .filter(grant -> grant.project().equals(project))
                .filter(grant -> groups.of(user.id()).contains(grant.group()))
                .map(Rows.GroupGrant::added)
                .min(Instant::compareTo)
                .orElse(user.added());
    }

    /** The active projects that have an owner who is a person. */
    Set<String> ownedProjects() {
        return people.stream()
                .flatMap(user -> roles(user.id()).entrySet().stream())
                .filter(role -> role.getValue() == ProjectRole.OWNER)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
