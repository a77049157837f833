package org.llmfactory.itest.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.admin.organization.adminapikeys.AdminApiKey;
import com.openai.models.admin.organization.adminapikeys.AdminApiKeyCreateParams;
import com.openai.models.admin.organization.adminapikeys.AdminApiKeyCreateResponse;
import com.openai.models.admin.organization.invites.Invite;
import com.openai.models.admin.organization.invites.InviteCreateParams;
import com.openai.models.admin.organization.invites.InviteListParams;
import com.openai.models.admin.organization.projects.Project;
import com.openai.models.admin.organization.projects.ProjectCreateParams;
import com.openai.models.admin.organization.projects.ProjectListParams;
import com.openai.models.admin.organization.projects.ProjectUpdateParams;
import com.openai.models.admin.organization.projects.apikeys.ApiKeyDeleteParams;
import com.openai.models.admin.organization.projects.apikeys.ApiKeyRetrieveParams;
import com.openai.models.admin.organization.projects.apikeys.ProjectApiKey;
import com.openai.models.admin.organization.projects.modelpermissions.ModelPermissionUpdateParams;
import com.openai.models.admin.organization.projects.modelpermissions.ProjectModelPermissions;
import com.openai.models.admin.organization.projects.ratelimits.ProjectRateLimit;
import com.openai.models.admin.organization.projects.ratelimits.RateLimitUpdateRateLimitParams;
import com.openai.models.admin.organization.projects.serviceaccounts.ProjectServiceAccount;
import com.openai.models.admin.organization.projects.serviceaccounts.ServiceAccountCreateParams;
import com.openai.models.admin.organization.projects.serviceaccounts.ServiceAccountCreateResponse;
import com.openai.models.admin.organization.projects.serviceaccounts.ServiceAccountDeleteParams;
import com.openai.models.admin.organization.projects.serviceaccounts.ServiceAccountRetrieveParams;
import com.openai.models.admin.organization.projects.serviceaccounts.ServiceAccountUpdateParams;
import com.openai.models.admin.organization.projects.users.ProjectUser;
import com.openai.models.admin.organization.projects.users.UserCreateParams;
import com.openai.models.admin.organization.projects.users.UserDeleteParams;
import com.openai.models.admin.organization.projects.users.UserRetrieveParams;
import com.openai.models.admin.organization.projects.users.UserUpdateParams;
import com.openai.models.admin.organization.users.OrganizationUser;
import com.openai.models.admin.organization.users.UserListParams;
import com.openai.services.blocking.admin.OrganizationService;
import com.openai.services.blocking.admin.organization.ProjectService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.Platform.IssuedKey;
import org.llmfactory.itest.agent.Platform.Person;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.itest.agent.SharedAgent;

/** The official Java client administers the organization. It validates every answer against OpenAI's types. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class AdministrationIT {
    private final Platform platform;
    private final OrganizationService organization;
    private final ProjectService projects;

    AdministrationIT(Platform platform) throws Exception {
        this.platform = platform;
        this.organization = platform.adminSdk().admin().organization();
        this.projects = organization.projects();
    }

    @Test
    void aProjectIsCreatedRenamedListedAndArchived() {
        String name = Platform.unique("research");
        Project created =
                projects.create(ProjectCreateParams.builder().name(name).build());
        assertThat(created.id()).startsWith("proj_");
        assertThat(created.status()).hasValue("active");
        assertThat(created.archivedAt()).isEmpty();
        assertThat(projects.retrieve(created.id())).isEqualTo(created);

        projects.update(
                created.id(), ProjectUpdateParams.builder().name(name + "-2").build());
        assertThat(projects.retrieve(created.id()).name()).hasValue(name + "-2");
        assertThat(listed(false)).contains(created.id());

        Project archived = projects.archive(created.id());
        assertThat(archived.status()).hasValue("archived");
        assertThat(archived.archivedAt()).isPresent();
        assertThat(listed(false)).doesNotContain(created.id());
        assertThat(listed(true)).contains(created.id());
    }

    @Test
    void pagesOfAListFollowOneAnother() {
        List<String> created = Stream.generate(this::project).limit(3).toList();

        List<String> paged = projects.list(ProjectListParams.builder().limit(2).build()).autoPager().stream()
                .map(Project::id)
                .toList();

        assertThat(paged).containsAll(created).doesNotHaveDuplicates();
    }

    @Test
    void aKeyOfAnArchivedProjectIsWrongAtOnce() throws Exception {
        String project = project();
        IssuedKey key = platform.serviceAccount(project);
        assertThat(platform.sdk(key.value()).models().list().data()).isNotEmpty();

        projects.archive(project);

        assertThatThrownBy(() -> platform.sdk(key.value()).models().list()).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void aPersonJoinsAProjectChangesRoleAndLeaves() throws Exception {
        String project = project();
        Person person = platform.person("ada", OrganizationRole.READER, Map.of());

        ProjectUser joined = projects.users()
                .create(
                        project,
                        UserCreateParams.builder()
                                .userId(person.id())
                                .role("member")
                                .build());
        assertThat(joined.id()).isEqualTo(person.id());
        assertThat(joined.email()).hasValue(person.email());
        assertThat(joined.role()).isEqualTo("member");
        assertThat(projects.users().list(project).data())
                .extracting(ProjectUser::id)
                .containsExactly(person.id());

        projects.users()
                .update(
                        person.id(),
                        UserUpdateParams.builder()
                                .projectId(project)
                                .role("owner")
                                .build());
        UserRetrieveParams inProject =
                UserRetrieveParams.builder().projectId(project).build();
        assertThat(projects.users().retrieve(person.id(), inProject).role()).isEqualTo("owner");

        UserDeleteParams fromProject =
                UserDeleteParams.builder().projectId(project).build();
        assertThatThrownBy(() -> projects.users().delete(person.id(), fromProject))
                .as("a project keeps its last owner")
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        refusal -> assertThat(refusal.statusCode()).isEqualTo(409));

        Person heir = platform.person("heir", OrganizationRole.READER, Map.of(project, ProjectRole.OWNER));
        assertThat(projects.users().delete(person.id(), fromProject).deleted()).isTrue();
        assertThat(projects.users().list(project).data())
                .extracting(ProjectUser::id)
                .containsExactly(heir.id());
        assertThatThrownBy(() -> projects.users().retrieve(person.id(), inProject))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aServiceAccountIsMadeWithAKeyThatIsToldOnce() throws Exception {
        String project = project();
        ServiceAccountCreateResponse created = projects.serviceAccounts()
                .create(
                        project,
                        ServiceAccountCreateParams.builder().name("crawler").build());
        ServiceAccountCreateResponse.ApiKey key = created.apiKey().orElseThrow();
        assertThat(created.id()).startsWith("svc_acct_");
        assertThat(key.value()).startsWith("sk-svcacct-");

        ServiceAccountRetrieveParams inProject =
                ServiceAccountRetrieveParams.builder().projectId(project).build();
        ProjectServiceAccount retrieved = projects.serviceAccounts().retrieve(created.id(), inProject);
        assertThat(retrieved.name()).isEqualTo("crawler");
        assertThat(projects.serviceAccounts().list(project).data())
                .extracting(ProjectServiceAccount::id)
                .containsExactly(created.id());
        assertThat(platform.administrator()
                        .get("/v1/organization/projects/" + project + "/api_keys")
                        .body())
                .contains(key.id())
                .doesNotContain(key.value());

        projects.serviceAccounts()
                .update(
                        created.id(),
                        ServiceAccountUpdateParams.builder()
                                .projectId(project)
                                .name("gatherer")
                                .build());
        assertThat(projects.serviceAccounts().retrieve(created.id(), inProject).name())
                .isEqualTo("gatherer");
    }

    @Test
    void aDeletedServiceAccountsKeyIsWrongAtOnce() {
        String project = project();
        ServiceAccountCreateResponse created = projects.serviceAccounts()
                .create(
                        project,
                        ServiceAccountCreateParams.builder().name("crawler").build());
        OpenAIClient client = platform.sdk(created.apiKey().orElseThrow().value());
        assertThat(client.models().list().data()).isNotEmpty();

        assertThat(projects.serviceAccounts()
                        .delete(
                                created.id(),
                                ServiceAccountDeleteParams.builder()
                                        .projectId(project)
                                        .build())
                        .deleted())
                .isTrue();

        assertThat(projects.serviceAccounts().list(project).data()).isEmpty();
        assertThatThrownBy(() -> client.models().list()).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void projectKeysAreListedWithTheirOwnersAndDeleted() throws Exception {
        String project = project();
        Person person = platform.person("bob", OrganizationRole.READER, Map.of(project, ProjectRole.MEMBER));
        IssuedKey own = platform.key(person, project, Set.of(Area.INFERENCE));
        IssuedKey accounts = platform.serviceAccount(project);
        ApiKeyRetrieveParams inProject =
                ApiKeyRetrieveParams.builder().projectId(project).build();

        assertThat(projects.apiKeys().list(project).data())
                .extracting(ProjectApiKey::id)
                .containsExactlyInAnyOrder(own.id(), accounts.id());
        ProjectApiKey retrieved = projects.apiKeys().retrieve(own.id(), inProject);
        assertThat(retrieved.owner().user().orElseThrow().id()).isEqualTo(person.id());
        assertThat(own.value()).doesNotContain(retrieved.redactedValue());
        assertThat(retrieved.redactedValue()).hasSizeLessThan(own.value().length());

        ApiKeyDeleteParams delete =
                ApiKeyDeleteParams.builder().projectId(project).build();
        assertThat(projects.apiKeys().delete(own.id(), delete).deleted()).isTrue();
        assertThatThrownBy(() -> projects.apiKeys().retrieve(own.id(), inProject))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> platform.sdk(own.value()).models().list()).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> projects.apiKeys().delete(accounts.id(), delete))
                .as("a service account's key goes with the account")
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void rateLimitsAreListedByModelAndChanged() {
        String project = project();
        ProjectRateLimit listed = limit(project);

        ProjectRateLimit updated = projects.rateLimits()
                .updateRateLimit(
                        listed.id(),
                        RateLimitUpdateRateLimitParams.builder()
                                .projectId(project)
                                .maxRequestsPer1Minute(7)
                                .maxTokensPer1Minute(7000)
                                .build());

        assertThat(updated.maxRequestsPer1Minute()).isEqualTo(7);
        assertThat(updated.maxTokensPer1Minute()).isEqualTo(7000);
        assertThat(limit(project)).isEqualTo(updated);
    }

    @Test
    void modelPermissionsAreSetAndTakenBack() throws Exception {
        String project = project();
        OpenAIClient client = platform.sdk(platform.serviceAccount(project).value());

        ProjectModelPermissions set = projects.modelPermissions()
                .update(
                        project,
                        ModelPermissionUpdateParams.builder()
                                .mode(ModelPermissionUpdateParams.Mode.DENY_LIST)
                                .addModelId(RunningAgent.MODEL)
                                .build());
        assertThat(set.modelIds()).containsExactly(RunningAgent.MODEL);
        assertThat(projects.modelPermissions().retrieve(project)).isEqualTo(set);
        assertThat(client.models().list().data()).isEmpty();

        assertThat(projects.modelPermissions().delete(project).deleted()).isTrue();
        assertThat(client.models().list().data()).isNotEmpty();
    }

    @Test
    void aPersonOfTheOrganizationIsListedPromotedAndRemoved() throws Exception {
        Person person = platform.person("eve", OrganizationRole.READER, Map.of());
        // The organization keeps its last owner.
        platform.person("heir", OrganizationRole.OWNER, Map.of());

        assertThat(organization
                        .users()
                        .list(UserListParams.builder().addEmail(person.email()).build())
                        .data())
                .extracting(OrganizationUser::id)
                .containsExactly(person.id());
        assertThat(organization
                        .users()
                        .update(
                                person.id(),
                                com.openai.models.admin.organization.users.UserUpdateParams.builder()
                                        .role("owner")
                                        .build())
                        .role())
                .hasValue("owner");
        assertThat(organization.users().retrieve(person.id()).role()).hasValue("owner");

        assertThat(organization.users().delete(person.id()).deleted()).isTrue();
        assertThatThrownBy(() -> organization.users().retrieve(person.id())).isInstanceOf(NotFoundException.class);
        assertThat(person.session().get("/v1/models").statusCode())
                .as("the session has ended")
                .isEqualTo(401);
    }

    @Test
    void anInvitationIsPendingUntilItIsAcceptedOrDeleted() throws Exception {
        String project = project();
        Invite created = organization
                .invites()
                .create(InviteCreateParams.builder()
                        .email(Platform.unique("carol") + "@example.org")
                        .role(InviteCreateParams.Role.READER)
                        .addProject(InviteCreateParams.Project.builder()
                                .id(project)
                                .role(InviteCreateParams.Project.Role.MEMBER)
                                .build())
                        .build());
        assertThat(created.status()).isEqualTo(Invite.Status.PENDING);
        assertThat(created.projects()).extracting(Invite.Project::id).containsExactly(project);
        assertThat(organization.invites().retrieve(created.id()).email()).isEqualTo(created.email());
        assertThat(invites()).contains(created.id());

        assertThat(organization.invites().delete(created.id()).deleted()).isTrue();
        assertThat(invites()).doesNotContain(created.id());

        Person accepted = platform.person("dan", OrganizationRole.READER, Map.of(project, ProjectRole.MEMBER));
        assertThat(organization
                        .invites()
                        .list(InviteListParams.builder().limit(100).build())
                        .autoPager()
                        .stream()
                        .filter(invite -> invite.email().equals(accepted.email()))
                        .map(Invite::status))
                .containsExactly(Invite.Status.ACCEPTED);
        assertThat(projects.users().list(project).data())
                .extracting(ProjectUser::id)
                .containsExactly(accepted.id());
    }

    @Test
    void anAdministratorsKeyAdministersUntilItIsDeleted() {
        AdminApiKeyCreateResponse created = organization
                .adminApiKeys()
                .create(AdminApiKeyCreateParams.builder()
                        .name(Platform.unique("automation"))
                        .expiresInSeconds(3600)
                        .build());
        assertThat(created.value()).startsWith("sk-admin-");
        assertThat(created.expiresAt()).hasValue(created.createdAt() + 3600);
        OrganizationService others = platform.adminSdk(created.value()).admin().organization();
        assertThat(others.projects().list().data()).isNotEmpty();

        AdminApiKey retrieved = organization.adminApiKeys().retrieve(created.id());
        assertThat(retrieved.redactedValue()).isNotEqualTo(created.value());
        assertThat(organization.adminApiKeys().list().autoPager().stream().map(AdminApiKey::id))
                .contains(created.id());

        assertThat(organization.adminApiKeys().delete(created.id()).deleted()).isTrue();
        assertThatThrownBy(() -> others.projects().list()).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> organization.adminApiKeys().retrieve(created.id()))
                .isInstanceOf(NotFoundException.class);
    }

    private String project() {
        return projects.create(ProjectCreateParams.builder()
                        .name(Platform.unique("project"))
                        .build())
                .id();
    }

    private Set<String> listed(boolean archivedOnesToo) {
        return projects
                .list(ProjectListParams.builder()
                        .includeArchived(archivedOnesToo)
                        .limit(100)
                        .build())
                .autoPager()
                .stream()
                .map(Project::id)
                .collect(Collectors.toSet());
    }

    private List<String> invites() {
        return organization.invites().list(InviteListParams.builder().limit(100).build()).autoPager().stream()
                .map(Invite::id)
                .toList();
    }

    private ProjectRateLimit limit(String project) {
        return projects.rateLimits().listRateLimits(project).autoPager().stream()
                .filter(limit -> limit.model().equals(RunningAgent.MODEL))
                .findFirst()
                .orElseThrow();
    }
}
