package org.llmfactory.projects.rest.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.projects.rest.Office.PLATFORM;
import static org.llmfactory.projects.rest.Office.PROJECT;
import static org.llmfactory.projects.rest.Office.json;
import static org.llmfactory.projects.rest.Office.refused;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.rest.Office;
import org.llmfactory.projects.rest.organization.GroupUsersResource;
import org.llmfactory.projects.rest.organization.GroupsResource;
import org.llmfactory.projects.rest.project.ProjectGroupsResource;

final class GroupsAndRolesTest {
    private final Office office = new Office();
    private final GroupsResource groups = new GroupsResource(office.administration);
    private final GroupUsersResource members = new GroupUsersResource(office.administration);
    private final ProjectGroupsResource places = new ProjectGroupsResource(office.administration);
    private final UserRolesResource userRoles = new UserRolesResource(office.administration);
    private final GroupRolesResource groupRoles = new GroupRolesResource(office.administration);
    private final ProjectUserRolesResource projectUserRoles = new ProjectUserRolesResource(office.administration);
    private final ProjectGroupRolesResource projectGroupRoles = new ProjectGroupRolesResource(office.administration);

    @AfterEach
    void close() {
        office.close();
    }

    private String group(String name) {
        return groups.create(PLATFORM, json("{}").put("name", name)).id();
    }

    @Test
    void aGroupIsMadeRenamedAndDeleted() {
        String nurses = group("nurses");
        refused(ErrorCode.CONFLICT, () -> group("nurses"));
        group("doctors");

        assertThat(groups.rename(PLATFORM, nurses, json("{'name': 'carers'}")).name())
                .isEqualTo("carers");
        refused(ErrorCode.CONFLICT, () -> groups.rename(PLATFORM, nurses, json("{'name': 'doctors'}")));
        groups.delete(PLATFORM, nurses);

        assertThat(groups.list(null, null, null).data())
                .extracting(found -> found.name())
                .containsExactly("doctors");
        refused(ErrorCode.NOT_FOUND, () -> groups.get(nurses));
        assertThat(office.platform.ledger.types())
                .containsExactly("group.created", "group.created", "group.updated", "group.deleted");
    }

    @Test
    void groupPagesNameTheNext() {
        group("a");
        group("b");
        group("c");

        var first = groups.list("2", null, "desc");

        assertThat(first.hasMore()).isTrue();
        assertThat(first.next()).isEqualTo(first.data().get(1).id());
        assertThat(groups.list("2", first.next(), "desc").next()).isNull();
    }

    @Test
    void aGroupLetsItsPeopleIntoAProject() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        String nurses = group("nurses");
        members.add(PLATFORM, nurses, json("{}").put("user_id", ada));
        members.add(PLATFORM, nurses, json("{}").put("user_id", ada));

        places.add(PLATFORM, PROJECT, json("{'role': 'member'}").put("group_id", nurses));

        assertThat(office.directory.memberships(ada)).containsEntry(PROJECT, ProjectRole.MEMBER);
        assertThat(members.list(nurses, null, null, null).data()).hasSize(1);
        assertThat(places.list(PROJECT, null, null, null).data())
                .extracting(place -> place.groupName())
                .containsExactly("nurses");
        assertThat(projectUserRoles.get(PROJECT, ada, "member").assignmentSources())
                .containsExactly(new AssignedRole.Source(nurses, "group"));

        members.remove(PLATFORM, nurses, ada);
        assertThat(office.directory.memberships(ada)).isEmpty();
        places.remove(PLATFORM, PROJECT, nurses);
        refused(ErrorCode.NOT_FOUND, () -> places.get(PROJECT, nurses));
        refused(ErrorCode.NOT_FOUND, () -> members.get(nurses, ada));
    }

    @Test
    void whoCameFromTheProviderIsNotTakenOutHere() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        String nurses = group("nurses");
        office.directory.signedIn("ada@example.org", "Ada", java.util.Set.of("nurses"));

        assertThat(members.get(nurses, ada).id()).isEqualTo(ada);
        refused(ErrorCode.CONFLICT, () -> members.remove(PLATFORM, nurses, ada));
    }

    @Test
    void theOrganizationsRolesAreGivenAndTaken() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        office.platform.user("bob@example.org", OrganizationRole.OWNER);
        String owner = PredefinedRole.of(OrganizationRole.OWNER).id();

        userRoles.assign(PLATFORM, ada, json("{}").put("role_id", owner));
        assertThat(userRoles.list(ada, null, null, null).data())
                .extracting(AssignedRole::name)
                .containsExactly("owner");
        assertThat(userRoles.unassign(PLATFORM, ada, owner).deleted()).isTrue();
        assertThat(office.directory.user(ada)).map(User::role).contains(OrganizationRole.READER);

        refused(ErrorCode.NOT_FOUND, () -> userRoles.unassign(PLATFORM, ada, owner));
        refused(ErrorCode.INVALID_REQUEST, () -> userRoles.unassign(PLATFORM, ada, "reader"));
        refused(ErrorCode.NOT_FOUND, () -> userRoles.get(ada, "owner"));
    }

    @Test
    void aGroupsRoleInTheOrganizationIsItsPeoples() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        office.platform.user("bob@example.org", OrganizationRole.OWNER);
        String leaders = group("leaders");
        members.add(PLATFORM, leaders, json("{}").put("user_id", ada));

        groupRoles.assign(PLATFORM, leaders, json("{'role_id': 'owner'}"));
        assertThat(office.directory.user(ada)).map(User::role).contains(OrganizationRole.OWNER);
        assertThat(userRoles.list(ada, null, null, null).data())
                .extracting(AssignedRole::name)
                .containsExactly("owner", "reader");
        assertThat(groupRoles.list(leaders, null, null, null).data()).hasSize(1);

        groupRoles.unassign(PLATFORM, leaders, "owner");
        assertThat(office.directory.user(ada)).map(User::role).contains(OrganizationRole.READER);
        refused(ErrorCode.NOT_FOUND, () -> groupRoles.unassign(PLATFORM, leaders, "owner"));
    }

    @Test
    void rolesInAProjectAreGivenAndTaken() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        String nurses = group("nurses");
        office.platform.project("proj_other");
        office.platform.join(ada, "proj_other", ProjectRole.MEMBER);

        var assigned = projectUserRoles.assign(PLATFORM, PROJECT, ada, json("{'role_id': 'role-project-maintainer'}"));
        assertThat(assigned.user().projects().data())
                .as("of other projects nothing is told")
                .extracting(place -> place.id())
                .containsExactly(PROJECT);
        refused(ErrorCode.NOT_FOUND, () -> projectUserRoles.unassign(PLATFORM, PROJECT, ada, "viewer"));
        projectUserRoles.unassign(PLATFORM, PROJECT, ada, "maintainer");
        assertThat(office.directory.memberships(ada)).doesNotContainKey(PROJECT);

        refused(ErrorCode.NOT_FOUND, () -> projectGroupRoles.list(PROJECT, nurses, null, null, null));
        projectGroupRoles.assign(PLATFORM, PROJECT, nurses, json("{'role_id': 'viewer'}"));
        assertThat(projectGroupRoles.get(PROJECT, nurses, "viewer").resourceType())
                .isEqualTo("api.project");
        projectGroupRoles.unassign(PLATFORM, PROJECT, nurses, "viewer");
        refused(ErrorCode.NOT_FOUND, () -> projectGroupRoles.list(PROJECT, nurses, null, null, null));
    }

    @Test
    void theRolesAreFixed() {
        OrganizationRolesResource organization = new OrganizationRolesResource();
        ProjectRolesResource project = new ProjectRolesResource();

        assertThat(organization.list(null, null, null).data())
                .extracting(PredefinedRole::name)
                .containsExactly("owner", "reader");
        assertThat(project.list(null, null, null).data())
                .extracting(PredefinedRole::name)
                .containsExactly("owner", "maintainer", "member", "viewer");
        assertThat(project.get("viewer").permissions()).contains("read_project").doesNotContain("generate");
        assertThat(organization.get("owner").permissions())
                .contains("manage_limits")
                .doesNotContain("generate");
        refused(ErrorCode.INVALID_REQUEST, () -> organization.create(json("{'role_name': 'king'}")));
        refused(ErrorCode.INVALID_REQUEST, () -> project.update("viewer"));
        refused(ErrorCode.INVALID_REQUEST, () -> project.delete("viewer"));
        refused(ErrorCode.NOT_FOUND, () -> project.delete("king"));
        refused(ErrorCode.NOT_FOUND, () -> organization.get("maintainer"));
    }
}
