package org.llmfactory.projects.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.projects.rest.Office.PLATFORM;
import static org.llmfactory.projects.rest.Office.PROJECT;
import static org.llmfactory.projects.rest.Office.json;

import com.openai.core.ObjectMappers;
import com.openai.models.admin.organization.adminapikeys.AdminApiKey;
import com.openai.models.admin.organization.adminapikeys.AdminApiKeyCreateResponse;
import com.openai.models.admin.organization.adminapikeys.AdminApiKeyDeleteResponse;
import com.openai.models.admin.organization.groups.Group;
import com.openai.models.admin.organization.groups.GroupDeleteResponse;
import com.openai.models.admin.organization.groups.GroupUpdateResponse;
import com.openai.models.admin.organization.groups.users.OrganizationGroupUser;
import com.openai.models.admin.organization.invites.Invite;
import com.openai.models.admin.organization.invites.InviteDeleteResponse;
import com.openai.models.admin.organization.projects.Project;
import com.openai.models.admin.organization.projects.apikeys.ApiKeyDeleteResponse;
import com.openai.models.admin.organization.projects.apikeys.ProjectApiKey;
import com.openai.models.admin.organization.projects.dataretention.ProjectDataRetention;
import com.openai.models.admin.organization.projects.groups.ProjectGroup;
import com.openai.models.admin.organization.projects.modelpermissions.ProjectModelPermissions;
import com.openai.models.admin.organization.projects.modelpermissions.ProjectModelPermissionsDeleted;
import com.openai.models.admin.organization.projects.ratelimits.ProjectRateLimit;
import com.openai.models.admin.organization.projects.serviceaccounts.ProjectServiceAccount;
import com.openai.models.admin.organization.projects.serviceaccounts.ServiceAccountCreateResponse;
import com.openai.models.admin.organization.projects.serviceaccounts.ServiceAccountDeleteResponse;
import com.openai.models.admin.organization.projects.serviceaccounts.apikeys.ApiKeyCreateResponse;
import com.openai.models.admin.organization.projects.users.ProjectUser;
import com.openai.models.admin.organization.roles.Role;
import com.openai.models.admin.organization.users.OrganizationUser;
import com.openai.models.admin.organization.users.UserDeleteResponse;
import java.io.IOException;
import java.util.function.Function;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.projects.rest.organization.AdminKeysResource;
import org.llmfactory.projects.rest.organization.GroupUsersResource;
import org.llmfactory.projects.rest.organization.GroupsResource;
import org.llmfactory.projects.rest.organization.InvitesResource;
import org.llmfactory.projects.rest.organization.UsersResource;
import org.llmfactory.projects.rest.project.DataRetentionResource;
import org.llmfactory.projects.rest.project.ModelPermissionsResource;
import org.llmfactory.projects.rest.project.ProjectGroupsResource;
import org.llmfactory.projects.rest.project.ProjectKeysResource;
import org.llmfactory.projects.rest.project.ProjectResource;
import org.llmfactory.projects.rest.project.ProjectUsersResource;
import org.llmfactory.projects.rest.project.ProjectsResource;
import org.llmfactory.projects.rest.project.RateLimitsResource;
import org.llmfactory.projects.rest.project.ServiceAccountKeysResource;
import org.llmfactory.projects.rest.project.ServiceAccountsResource;
import org.llmfactory.projects.rest.role.GroupRolesResource;
import org.llmfactory.projects.rest.role.OrganizationRolesResource;
import org.llmfactory.projects.rest.role.ProjectGroupRolesResource;
import org.llmfactory.projects.rest.role.ProjectRolesResource;
import org.llmfactory.projects.rest.role.ProjectUserRolesResource;
import org.llmfactory.projects.rest.role.UserRolesResource;
import org.llmfactory.rest.Json;

/** The official Java client reads and validates every object that OpenAI has too. */
final class OpenAiShapesTest {
    private final Office office = new Office();
    private final Administration administration = office.administration;

    @AfterEach
    void close() {
        office.close();
    }

    private static <T> T valid(Object answer, Class<T> type, Function<T, T> validate) {
        try {
            return validate.apply(ObjectMappers.jsonMapper().readValue(Json.write(answer), type));
        } catch (IOException failure) {
            throw new AssertionError("not a " + type, failure);
        }
    }

    @Test
    void projects() {
        ProjectsResource projects = new ProjectsResource(administration);
        ProjectResource project = new ProjectResource(administration);
        String id = valid(projects.create(PLATFORM, json("{'name': 'x'}")), Project.class, Project::validate)
                .id();

        valid(project.get(id), Project.class, Project::validate);
        assertThat(valid(project.archive(PLATFORM, id), Project.class, Project::validate)
                        .status())
                .contains("archived");
        assertThat(new String(
                        Json.write(projects.list(PLATFORM, null, null, false)),
                        java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"object\":\"list\"", "\"first_id\":\"", "\"last_id\":\"", "\"has_more\":false");
    }

    @Test
    void people() {
        UsersResource users = new UsersResource(administration);
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        String id = Office.id(ada);

        assertThat(valid(users.get(id), OrganizationUser.class, OrganizationUser::validate)
                        .projects())
                .isPresent();
        valid(new ProjectUsersResource(administration).get(PROJECT, id), ProjectUser.class, ProjectUser::validate);
        valid(
                new ProjectUsersResource(administration).remove(PLATFORM, PROJECT, id),
                com.openai.models.admin.organization.projects.users.UserDeleteResponse.class,
                com.openai.models.admin.organization.projects.users.UserDeleteResponse::validate);
        valid(users.delete(PLATFORM, id), UserDeleteResponse.class, UserDeleteResponse::validate);
    }

    @Test
    void invitations() {
        InvitesResource invites = new InvitesResource(administration);
        Invite made = valid(
                invites.create(
                        PLATFORM,
                        json("{'email': 'a@b', 'role': 'owner', 'projects': [{'id': 'proj_default', 'role':"
                                + " 'maintainer'}]}")),
                Invite.class,
                Invite::validate);

        valid(invites.get(made.id()), Invite.class, Invite::validate);
        valid(invites.delete(PLATFORM, made.id()), InviteDeleteResponse.class, InviteDeleteResponse::validate);
    }

    @Test
    void serviceAccountsInEveryRole() {
        ServiceAccountsResource accounts = new ServiceAccountsResource(administration);
        String id = "";
        for (String role : java.util.List.of("viewer", "maintainer", "member")) {
            ServiceAccountCreateResponse made = valid(
                    accounts.create(PLATFORM, PROJECT, json("{'name': 'x', 'role': '" + role + "'}")),
                    ServiceAccountCreateResponse.class,
                    ServiceAccountCreateResponse::validate);
            assertThat(made.apiKey()).isPresent();
            id = made.id();
        }
        valid(
                accounts.update(PLATFORM, PROJECT, id, json("{'role': 'owner'}")),
                ProjectServiceAccount.class,
                ProjectServiceAccount::validate);
        valid(accounts.get(PROJECT, id), ProjectServiceAccount.class, ProjectServiceAccount::validate);
        valid(
                new ServiceAccountKeysResource(administration).create(PLATFORM, PROJECT, id, json("{}")),
                ApiKeyCreateResponse.class,
                ApiKeyCreateResponse::validate);
        valid(
                accounts.delete(PLATFORM, PROJECT, id),
                ServiceAccountDeleteResponse.class,
                ServiceAccountDeleteResponse::validate);
        valid(
                accounts.create(PLATFORM, PROJECT, json("{'name': 'x', 'create_service_account_only': true}")),
                ServiceAccountCreateResponse.class,
                ServiceAccountCreateResponse::validate);
    }

    @Test
    void keysOfPeopleAccountsAndThePlatform() {
        ProjectKeysResource keys = new ProjectKeysResource(administration);
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        String own = keys.create(ada, PROJECT, json("{'name': 'x'}")).id();
        keys.create(PLATFORM, PROJECT, json("{'name': 'y', 'expires_in_seconds': 5}"));
        new ServiceAccountsResource(administration).create(PLATFORM, PROJECT, json("{'name': 'z'}"));

        var listed = keys.list(PLATFORM, PROJECT, null, null).data();
        assertThat(listed).hasSize(3);
        listed.forEach(key -> valid(key, ProjectApiKey.class, ProjectApiKey::validate));
        valid(keys.revoke(ada, PROJECT, own), ApiKeyDeleteResponse.class, ApiKeyDeleteResponse::validate);
    }

    @Test
    void administratorsKeys() {
        AdminKeysResource keys = new AdminKeysResource(administration);
        AdminApiKeyCreateResponse made = valid(
                keys.create(PLATFORM, json("{'name': 'x'}")),
                AdminApiKeyCreateResponse.class,
                AdminApiKeyCreateResponse::validate);

        valid(keys.get(made.id()), AdminApiKey.class, AdminApiKey::validate);
        valid(keys.delete(PLATFORM, made.id()), AdminApiKeyDeleteResponse.class, AdminApiKeyDeleteResponse::validate);
    }

    @Test
    void decisions() {
        office.models.bindModel(StubLocalModel.of("tiny"));
        new RateLimitsResource(administration)
                .list(PROJECT, null, null, null)
                .data()
                .forEach(limit -> valid(limit, ProjectRateLimit.class, ProjectRateLimit::validate));
        ModelPermissionsResource permissions = new ModelPermissionsResource(administration);
        valid(permissions.get(PROJECT), ProjectModelPermissions.class, ProjectModelPermissions::validate);
        valid(
                permissions.lift(PLATFORM, PROJECT),
                ProjectModelPermissionsDeleted.class,
                ProjectModelPermissionsDeleted::validate);
        DataRetentionResource retention = new DataRetentionResource(administration);
        valid(retention.get(PROJECT), ProjectDataRetention.class, ProjectDataRetention::validate);
        valid(
                retention.update(PLATFORM, PROJECT, json("{'retention_type': 'zero_data_retention'}")),
                ProjectDataRetention.class,
                ProjectDataRetention::validate);
    }

    @Test
    void groups() {
        GroupsResource groups = new GroupsResource(administration);
        GroupUsersResource members = new GroupUsersResource(administration);
        ProjectGroupsResource places = new ProjectGroupsResource(administration);
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        String id = valid(groups.create(PLATFORM, json("{'name': 'x'}")), Group.class, Group::validate)
                .id();

        valid(
                groups.rename(PLATFORM, id, json("{'name': 'y'}")),
                GroupUpdateResponse.class,
                GroupUpdateResponse::validate);
        valid(
                members.add(PLATFORM, id, json("{}").put("user_id", ada)),
                com.openai.models.admin.organization.groups.users.UserCreateResponse.class,
                com.openai.models.admin.organization.groups.users.UserCreateResponse::validate);
        valid(
                members.get(id, ada),
                com.openai.models.admin.organization.groups.users.UserRetrieveResponse.class,
                com.openai.models.admin.organization.groups.users.UserRetrieveResponse::validate);
        members.list(id, null, null, null)
                .data()
                .forEach(user -> valid(user, OrganizationGroupUser.class, OrganizationGroupUser::validate));
        valid(
                places.add(PLATFORM, PROJECT, json("{'role': 'member'}").put("group_id", id)),
                ProjectGroup.class,
                ProjectGroup::validate);
        valid(
                places.remove(PLATFORM, PROJECT, id),
                com.openai.models.admin.organization.projects.groups.GroupDeleteResponse.class,
                com.openai.models.admin.organization.projects.groups.GroupDeleteResponse::validate);
        valid(
                members.remove(PLATFORM, id, ada),
                com.openai.models.admin.organization.groups.users.UserDeleteResponse.class,
                com.openai.models.admin.organization.groups.users.UserDeleteResponse::validate);
        valid(groups.delete(PLATFORM, id), GroupDeleteResponse.class, GroupDeleteResponse::validate);
    }

    @Test
    void rolesInTheOrganization() {
        new OrganizationRolesResource()
                .list(null, null, null)
                .data()
                .forEach(role -> valid(role, Role.class, Role::validate));
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        office.platform.user("bob@example.org", OrganizationRole.OWNER);
        String group = office.platform.group("x");
        UserRolesResource users = new UserRolesResource(administration);
        GroupRolesResource groups = new GroupRolesResource(administration);

        valid(
                users.assign(PLATFORM, ada, json("{'role_id': 'owner'}")),
                com.openai.models.admin.organization.users.roles.RoleCreateResponse.class,
                com.openai.models.admin.organization.users.roles.RoleCreateResponse::validate);
        users.list(ada, null, null, null)
                .data()
                .forEach(role -> valid(
                        role,
                        com.openai.models.admin.organization.users.roles.RoleListResponse.class,
                        com.openai.models.admin.organization.users.roles.RoleListResponse::validate));
        valid(
                users.unassign(PLATFORM, ada, "owner"),
                com.openai.models.admin.organization.users.roles.RoleDeleteResponse.class,
                com.openai.models.admin.organization.users.roles.RoleDeleteResponse::validate);
        valid(
                groups.assign(PLATFORM, group, json("{'role_id': 'owner'}")),
                com.openai.models.admin.organization.groups.roles.RoleCreateResponse.class,
                com.openai.models.admin.organization.groups.roles.RoleCreateResponse::validate);
        valid(
                groups.get(group, "owner"),
                com.openai.models.admin.organization.groups.roles.RoleRetrieveResponse.class,
                com.openai.models.admin.organization.groups.roles.RoleRetrieveResponse::validate);
        valid(
                groups.unassign(PLATFORM, group, "owner"),
                com.openai.models.admin.organization.groups.roles.RoleDeleteResponse.class,
                com.openai.models.admin.organization.groups.roles.RoleDeleteResponse::validate);
    }

    @Test
    void rolesInAProject() {
        new ProjectRolesResource()
                .list(null, null, null)
                .data()
                .forEach(role -> valid(role, Role.class, Role::validate));
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        String group = office.platform.group("x");
        ProjectUserRolesResource users = new ProjectUserRolesResource(administration);
        ProjectGroupRolesResource groups = new ProjectGroupRolesResource(administration);

        valid(
                users.assign(PLATFORM, PROJECT, ada, json("{'role_id': 'viewer'}")),
                com.openai.models.admin.organization.projects.users.roles.RoleCreateResponse.class,
                com.openai.models.admin.organization.projects.users.roles.RoleCreateResponse::validate);
        valid(
                users.get(PROJECT, ada, "viewer"),
                com.openai.models.admin.organization.projects.users.roles.RoleRetrieveResponse.class,
                com.openai.models.admin.organization.projects.users.roles.RoleRetrieveResponse::validate);
        valid(
                users.unassign(PLATFORM, PROJECT, ada, "viewer"),
                com.openai.models.admin.organization.projects.users.roles.RoleDeleteResponse.class,
                com.openai.models.admin.organization.projects.users.roles.RoleDeleteResponse::validate);
        valid(
                groups.assign(PLATFORM, PROJECT, group, json("{'role_id': 'viewer'}")),
                com.openai.models.admin.organization.projects.groups.roles.RoleCreateResponse.class,
                com.openai.models.admin.organization.projects.groups.roles.RoleCreateResponse::validate);
        valid(
                groups.unassign(PLATFORM, PROJECT, group, "viewer"),
                com.openai.models.admin.organization.projects.groups.roles.RoleDeleteResponse.class,
                com.openai.models.admin.organization.projects.groups.roles.RoleDeleteResponse::validate);
    }
}
