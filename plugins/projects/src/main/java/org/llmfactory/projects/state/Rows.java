package org.llmfactory.projects.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.project.ProjectSettings;

/**
 * What the tables hold, oldest first.
 *
 * @param users with the roles they have of their own, not those of their groups
 * @param settings by project, those that decided anything
 */
public record Rows(
        List<User> users,
        List<ProviderGroup> providerGroups,
        List<Group> groups,
        List<GroupMember> groupMembers,
        List<Project> projects,
        List<Membership> memberships,
        List<GroupGrant> groupGrants,
        List<ServiceAccount> serviceAccounts,
        List<Invitation> invitations,
        Map<String, ProjectSettings> settings) {
    /** A person's place in a project. */
    public record Membership(String project, String user, ProjectRole role, Instant added) {
        public Membership {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(added, "added");
        }
    }

    /** A group's place in a project. */
    public record GroupGrant(String project, String group, ProjectRole role, Instant added) {
        public GroupGrant {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(added, "added");
        }
    }

    /** A person's place in a group. */
    public record GroupMember(String group, String user) {
        public GroupMember {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(user, "user");
        }
    }

    /** A group that a person's identity provider says he is in. */
    public record ProviderGroup(String user, String name) {
        public ProviderGroup {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(name, "name");
        }
    }

    public Rows {
        users = List.copyOf(users);
        providerGroups = List.copyOf(providerGroups);
        groups = List.copyOf(groups);
        groupMembers = List.copyOf(groupMembers);
        projects = List.copyOf(projects);
        memberships = List.copyOf(memberships);
        groupGrants = List.copyOf(groupGrants);
        serviceAccounts = List.copyOf(serviceAccounts);
        invitations = List.copyOf(invitations);
        settings = Map.copyOf(settings);
    }
}
