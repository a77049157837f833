package org.llmfactory.projects.state;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.project.ProjectSettings;

/**
 * The whole organization at one revision: its people, projects, service accounts and invitations; its {@link Groups}; and
 * the {@link Places} of all these in projects. Immutable; every answer is a look into maps.
 */
public final class Organization {
    private final long revision;
    private final Map<String, OrganizationRole> ownRoles;
    private final Map<String, User> users;
    private final Map<String, User> usersByEmail;
    private final Map<String, Project> projects;
    private final Map<String, ProjectSettings> settings;
    private final Map<String, ServiceAccount> serviceAccounts;
    private final Map<String, Invitation> invitations;
    private final Groups groups;
    private final Places places;

    public Organization(long revision, Rows rows, GroupMapping mapping) {
        Roles roles = Roles.of(rows, mapping);
        this.revision = revision;
        this.ownRoles = rows.users().stream().collect(Collectors.toUnmodifiableMap(User::id, User::role));
        this.users = Index.of(
                rows.users().stream()
                        .map(user -> with(user, roles.organization().getOrDefault(user.id(), user.role())))
                        .toList(),
                User::id);
        this.usersByEmail = Index.of(users.values(), User::email);
        this.projects = Index.of(rows.projects(), Project::id);
        this.settings = rows.projects().stream()
                .filter(Project::active)
                .map(project -> rows.settings().getOrDefault(project.id(), ProjectSettings.defaults(project.id())))
                .collect(Collectors.toUnmodifiableMap(ProjectSettings::project, Function.identity()));
        this.serviceAccounts = Index.of(rows.serviceAccounts(), ServiceAccount::id);
        this.invitations = Index.of(rows.invitations(), Invitation::id);
        this.groups = new Groups(rows, users.values(), roles.groups());
        this.places = new Places(rows, users.values(), groups, roles.projects());
    }

    private static User with(User user, OrganizationRole role) {
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

    /** The groups and who is in them. */
    public Groups groups() {
        return groups;
    }

    /** Who has which place in which project. */
    public Places places() {
        return places;
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

    /** Whether anyone owns it. */
    boolean owned() {
        return users().stream().anyMatch(user -> user.role() == OrganizationRole.OWNER);
    }
}
