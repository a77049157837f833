package org.llmfactory.itest.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.NotFoundException;
import com.openai.models.admin.organization.groups.Group;
import com.openai.models.admin.organization.groups.GroupCreateParams;
import com.openai.models.admin.organization.groups.GroupUpdateParams;
import com.openai.models.admin.organization.groups.users.OrganizationGroupUser;
import com.openai.models.admin.organization.groups.users.UserCreateParams;
import com.openai.models.admin.organization.groups.users.UserDeleteParams;
import com.openai.models.admin.organization.projects.groups.ProjectGroup;
import com.openai.models.admin.organization.roles.Role;
import com.openai.services.blocking.admin.OrganizationService;
import com.openai.services.blocking.admin.organization.GroupService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.Platform.Person;
import org.llmfactory.itest.agent.SharedAgent;

/** Groups and roles with the official Java client, which validates every answer against OpenAI's types. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class GroupsIT {
    private final Platform platform;
    private final OrganizationService organization;
    private final GroupService groups;

    GroupsIT(Platform platform) throws Exception {
        this.platform = platform;
        this.organization = platform.adminSdk().admin().organization();
        this.groups = organization.groups();
    }

    @Test
    void aGroupIsCreatedRenamedListedAndDeleted() {
        String name = Platform.unique("nurses");
        Group created = groups.create(GroupCreateParams.builder().name(name).build());
        assertThat(groups.retrieve(created.id()).name()).isEqualTo(name);

        groups.update(
                created.id(), GroupUpdateParams.builder().name(name + "-2").build());
        assertThat(groups.retrieve(created.id()).name()).isEqualTo(name + "-2");
        assertThat(listed()).contains(created.id());

        assertThat(groups.delete(created.id()).deleted()).isTrue();
        assertThat(listed()).doesNotContain(created.id());
        assertThatThrownBy(() -> groups.retrieve(created.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whoIsInAGroupHasItsRoleInTheProjectUntilHeLeaves() throws Exception {
        String project = platform.project("ward");
        Person person = platform.person("fay", OrganizationRole.READER, Map.of());
        String group = group();
        assertThat(mayRead(person, project)).isFalse();

        groups.users()
                .create(group, UserCreateParams.builder().userId(person.id()).build());
        organization
                .projects()
                .groups()
                .create(
                        project,
                        com.openai.models.admin.organization.projects.groups.GroupCreateParams.builder()
                                .groupId(group)
                                .role("member")
                                .build());
        assertThat(groups.users().list(group).data())
                .extracting(OrganizationGroupUser::id)
                .containsExactly(person.id());
        assertThat(organization.projects().groups().list(project).data())
                .extracting(ProjectGroup::groupId)
                .containsExactly(group);
        assertThat(mayRead(person, project)).isTrue();

        assertThat(groups.users()
                        .delete(
                                person.id(),
                                UserDeleteParams.builder().groupId(group).build())
                        .deleted())
                .isTrue();
        assertThat(mayRead(person, project)).isFalse();
    }

    @Test
    void aRoleGivenToAPersonIsHisUntilItIsTaken() throws Exception {
        Person person = platform.person("gil", OrganizationRole.READER, Map.of());
        // The organization keeps its last owner.
        platform.person("heir", OrganizationRole.OWNER, Map.of());
        String owner = role("owner");

        organization
                .users()
                .roles()
                .create(
                        person.id(),
                        com.openai.models.admin.organization.users.roles.RoleCreateParams.builder()
                                .roleId(owner)
                                .build());
        assertThat(organization.users().roles().list(person.id()).data())
                .extracting(given -> given.id())
                .contains(owner);
        assertThat(users(person)).isEqualTo(200);

        organization
                .users()
                .roles()
                .delete(
                        owner,
                        com.openai.models.admin.organization.users.roles.RoleDeleteParams.builder()
                                .userId(person.id())
                                .build());
        assertThat(users(person)).isEqualTo(403);
    }

    @Test
    void theRolesOfTheOrganizationAreListed() {
        assertThat(organization.roles().list().autoPager().stream().map(Role::name))
                .contains("owner", "reader");
    }

    private String group() {
        return groups.create(GroupCreateParams.builder()
                        .name(Platform.unique("group"))
                        .build())
                .id();
    }

    private List<String> listed() {
        return groups.list().autoPager().stream().map(Group::id).toList();
    }

    private String role(String name) {
        return organization.roles().list().autoPager().stream()
                .filter(role -> role.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** The status of a request for the organization's users; signed in anew, since a change of role ends all sessions. */
    private int users(Person person) throws Exception {
        return platform.signIn(person.email(), person.password())
                .get("/v1/organization/users")
                .statusCode();
    }

    private static boolean mayRead(Person person, String project) throws Exception {
        return person.session().get("/v1/organization/projects/" + project).statusCode() == 200;
    }
}
