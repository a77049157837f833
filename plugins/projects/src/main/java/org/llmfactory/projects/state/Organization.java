package org.llmfactory.projects.state;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.project.ProjectSettings;

/** The whole organization at one revision. Immutable; every answer is a look into maps. */
public final class Organization {
    private final long revision;
    private final Rows rows;
    private final Roles roles;
    private final Map<String, OrganizationRole> ownRoles;
    private final Map<String, Map<String, Rows.Membership>> places;
    private final Map<String, User> users;
    private final Map<String, User> usersByEmail;
    private final Map<String, Group> groups;
    private final Map<String, Project> projects;
    private final Map<String, ServiceAccount> serviceAccounts;
    private final Map<String, Invitation> invitations;
    private final Map<String, ProjectSettings> settings;

    public Organization(long revision, Rows rows, GroupMapping mapping) {
        this.revision = revision;
        this.rows = rows;
        this.roles = Roles.of(rows, mapping);
        this.ownRoles = rows.users().stream().collect(Collectors.toUnmodifiableMap(User::id, User::role));
        this.places = rows.memberships().stream()
                .collect(Collectors.groupingBy(
                        Rows.Membership::project,
                        Collectors.toUnmodifiableMap(Rows.Membership::user, Function.identity())));
        this.users = byId(rows.users().stream().map(this::withEffectiveRole).toList(), User::id);
        this.usersByEmail = byId(users.values(), User::email);
        this.groups = byId(rows.groups(), Group::id);
        this.projects = byId(rows.projects(), Project::id);
        this.serviceAccounts = byId(rows.serviceAccounts(), ServiceAccount::id);
        this.invitations = byId(rows.invitations(), Invitation::id);
        this.settings = rows.projects().stream()
                .filter(Project::active)
                .map(project -> rows.settings().getOrDefault(project.id(), ProjectSettings.defaults(project.id())))
                .collect(Collectors.toUnmodifiableMap(ProjectSettings::project, Function.identity()));
    }

    private static <T> Map<String, T> byId(Collection<T> values, Function<T, String> id) {
        Map<String, T> map = new LinkedHashMap<>();
        values.forEach(value -> map.put(id.apply(value), value));
        return Collections.unmodifiableMap(map);
    }

    private User withEffectiveRole(User user) {
        OrganizationRole role = roles.organization().getOrDefault(user.id(), user.role());
        return new User(user.id(), user.email(), user.name(), role, user.added());
    }

    public long revision() {
        return revision;
    }

    /** Everyone, with the role that holds in the end; oldest first. */
    public Collection<User> users() {
        return users.values();
    }

    public Optional<User> user(String id) {
        return Optional.ofNullable(users.get(id));
    }

    /** A person by his address, in any case. */
    public Optional<User> userByEmail(String email) {
        return Optional.ofNullable(usersByEmail.get(email.toLowerCase(Locale.ROOT)));
    }

    /** The role a person has of his own, whatever his groups are worth. */
    public OrganizationRole ownRole(String user) {
        return ownRoles.getOrDefault(user, OrganizationRole.NONE);
    }

    public Collection<Group> groups() {
        return groups.values();
    }

    public Optional<Group> group(String id) {
        return Optional.ofNullable(groups.get(id));
    }

    /** Ids of the groups a person is in, by his own or his identity provider's word. */
    public Set<String> groupsOf(String user) {
        return roles.groups().getOrDefault(user, Set.of());
    }

    /** The names that a person's identity provider gave for groups known here. */
    public Set<String> providerGroups(String user) {
        return rows.providerGroups().stream()
                .filter(group -> group.user().equals(user))
                .map(Rows.ProviderGroup::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The people of a group, oldest first. */
    public List<User> membersOf(String group) {
        return users().stream()
                .filter(user -> groupsOf(user.id()).contains(group))
                .toList();
    }

    /** Whether a person was put into a group here, not only by his identity provider. */
    public boolean placed(String group, String user) {
        return rows.groupMembers().contains(new Rows.GroupMember(group, user));
    }

    /** The places of groups in projects, oldest first. */
    public List<Rows.GroupGrant> groupGrants() {
        return rows.groupGrants();
    }

    /** A group's place in a project. */
    public Optional<Rows.GroupGrant> groupGrant(String project, String group) {
        return rows.groupGrants().stream()
                .filter(grant ->
                        grant.project().equals(project) && grant.group().equals(group))
                .findFirst();
    }

    /** All projects, archived ones too; oldest first. */
    public Collection<Project> projects() {
        return projects.values();
    }

    public Optional<Project> project(String id) {
        return Optional.ofNullable(projects.get(id));
    }

    /** The settings in force; empty for a project that is unknown or archived. */
    public Optional<ProjectSettings> settings(String project) {
        return Optional.ofNullable(settings.get(project));
    }

    public Collection<ServiceAccount> serviceAccounts() {
        return serviceAccounts.values();
    }

    public Optional<ServiceAccount> serviceAccount(String id) {
        return Optional.ofNullable(serviceAccounts.get(id));
    }

    public Collection<Invitation> invitations() {
        return invitations.values();
    }

    public Optional<Invitation> invitation(String id) {
        return Optional.ofNullable(invitations.get(id));
    }

    /** Roles of a person or service account by active project. */
    public Map<String, ProjectRole> memberships(String principal) {
        return roles.projects().getOrDefault(principal, Map.of());
    }

    /** A person's place of his own in a project. */
    public Optional<Rows.Membership> membership(String project, String user) {
        return Optional.ofNullable(places.getOrDefault(project, Map.of()).get(user));
    }

    /** The people of an active project, through groups too; oldest first. */
    public List<Member> members(String project) {
        return users().stream()
                .flatMap(user -> member(project, user).stream())
                .sorted((one, other) -> one.added().compareTo(other.added()))
                .toList();
    }

    /** One of the people of an active project. */
    public Optional<Member> member(String project, User user) {
        return Optional.ofNullable(memberships(user.id()).get(project)).map(role -> {
            Optional<Rows.Membership> place = membership(project, user.id());
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
                .filter(grant -> groupsOf(user.id()).contains(grant.group()))
                .map(Rows.GroupGrant::added)
                .min(Instant::compareTo)
                .orElse(user.added());
    }

    /** Whether anyone owns the organization. */
    boolean owned() {
        return users().stream().anyMatch(user -> user.role() == OrganizationRole.OWNER);
    }

    /** The active projects that have an owner who is a person. */
    Set<String> ownedProjects() {
        return users().stream()
                .flatMap(user -> memberships(user.id()).entrySet().stream())
                .filter(role -> role.getValue() == ProjectRole.OWNER)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
