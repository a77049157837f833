package org.llmfactory.projects.rest.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.projects.rest.Office.PLATFORM;
import static org.llmfactory.projects.rest.Office.PROJECT;
import static org.llmfactory.projects.rest.Office.json;
import static org.llmfactory.projects.rest.Office.refused;

import java.util.List;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.rest.Office;
import org.llmfactory.projects.rest.preset.PresetsResource;
import org.llmfactory.projects.rest.project.ProjectKeysResource;

/** People, invitations and administrators' keys. */
final class PeopleTest {
    private final Office office = new Office();
    private final UsersResource users = new UsersResource(office.administration);
    private final InvitesResource invites = new InvitesResource(office.administration);
    private final AdminKeysResource keys = new AdminKeysResource(office.administration);

    @AfterEach
    void close() {
        office.close();
    }

    private static String token(InviteObject invite) {
        String url = String.valueOf(invite.acceptUrl());
        return url.substring(url.indexOf('=') + 1);
    }

    @Test
    void anInvitedPersonComesInWithTheLinkThatIsToldOnce() {
        InviteObject made = invites.create(
                PLATFORM,
                json("{'email': 'Ada@Example.org', 'role': 'reader',"
                        + " 'projects': [{'id': 'proj_default', 'role': 'maintainer'}]}"));

        assertThat(made.status()).isEqualTo("pending");
        assertThat(made.acceptUrl()).startsWith("/auth/accept?token=");
        assertThat(made.projects()).containsExactly(new InviteObject.Place(PROJECT, "member", "maintainer"));
        assertThat(invites.get(made.id()).acceptUrl()).isNull();

        User ada = office.directory.accept(token(made), "Ada");

        assertThat(office.directory.memberships(ada.id())).containsEntry(PROJECT, ProjectRole.MAINTAINER);
        assertThat(invites.get(made.id()).status()).isEqualTo("accepted");
        refused(ErrorCode.CONFLICT, () -> invites.delete(PLATFORM, made.id()));
        refused(
                ErrorCode.CONFLICT,
                () -> invites.create(PLATFORM, json("{'email': 'ada@example.org', 'role': 'reader'}")));
    }

    @Test
    void aWithdrawnInvitationLetsNobodyIn() {
        InviteObject made = invites.create(PLATFORM, json("{'email': 'eve@example.org', 'role': 'owner'}"));

        assertThat(invites.delete(PLATFORM, made.id()).deleted()).isTrue();

        assertThat(invites.list(null, null).data()).isEmpty();
        refused(ErrorCode.NOT_FOUND, () -> office.directory.accept(token(made), "Eve"));
        refused(ErrorCode.NOT_FOUND, () -> invites.get(made.id()));
    }

    @Test
    void invitationsAreReadStrictly() {
        for (String email :
                List.of("", "ada", "@x", "a@", "a@b@c", "a b@c", "a@b\u0007", "x".repeat(250) + "@example")) {
            refused(
                    ErrorCode.INVALID_VALUE,
                    "email",
                    () -> invites.create(PLATFORM, json("{'role': 'reader'}").put("email", email)));
        }
        refused(
                ErrorCode.INVALID_VALUE,
                "role",
                () -> invites.create(PLATFORM, json("{'email': 'a@b', 'role': 'none'}")));
        refused(
                ErrorCode.INVALID_VALUE,
                "projects[0].role",
                () -> invites.create(
                        PLATFORM,
                        json("{'email': 'a@b', 'role': 'reader', 'projects': [{'id': 'p', 'role': 'king'}]}")));
        refused(
                ErrorCode.NOT_FOUND,
                () -> invites.create(
                        PLATFORM,
                        json("{'email': 'a@b', 'role': 'reader', 'projects': [{'id': 'p', 'role': 'owner'}]}")));
        assertThat(invites.list(null, null).data()).isEmpty();
    }

    @Test
    void peopleAreFoundByAddressInEitherSpelling() {
        office.platform.user("ada@example.org", OrganizationRole.READER);
        office.platform.user("bob@example.org", OrganizationRole.OWNER);

        assertThat(users.list(null, null, List.of("ADA@example.org"), List.of()).data())
                .extracting(UserObject::email)
                .containsExactly("ada@example.org");
        assertThat(users.list(null, null, List.of(), List.of("bob@example.org")).data())
                .extracting(UserObject::role)
                .containsExactly("owner");
        assertThat(users.list(null, null, List.of(), List.of()).data()).hasSize(2);
    }

    @Test
    void aRoleChangesByNameOrId() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        office.platform.user("bob@example.org", OrganizationRole.OWNER);

        assertThat(users.update(PLATFORM, ada, json("{'role': 'owner'}")).role())
                .isEqualTo("owner");
        assertThat(users.update(PLATFORM, ada, json("{'role_id': 'role-organization-reader'}"))
                        .role())
                .isEqualTo("reader");
        refused(ErrorCode.NOT_FOUND, () -> users.update(PLATFORM, "user-none", json("{'role': 'owner'}")));
    }

    @Test
    void whoIsRemovedLosesEverything() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        new ProjectKeysResource(office.administration).create(ada, PROJECT, json("{'name': 'k'}"));
        PresetsResource presets = new PresetsResource(office.administration);
        presets.create(ada, json("{'name': 'secret', 'base': 'tiny', 'visibility': 'private'}"));
        presets.create(ada, json("{'name': 'shared', 'base': 'tiny'}"));

        users.delete(PLATFORM, Office.id(ada));

        assertThat(office.platform.keys.list(Optional.of(PROJECT))).isEmpty();
        assertThat(office.platform.tables.presets().all())
                .extracting(versions -> versions.get(0).name())
                .containsExactly("shared");
        refused(ErrorCode.NOT_FOUND, () -> users.get(Office.id(ada)));
    }

    @Test
    void nobodyTakesTheLastOwnerAway() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.OWNER);

        for (SecurityContext caller : List.of(office.session(ada), PLATFORM)) {
            refused(ErrorCode.CONFLICT, () -> users.delete(caller, ada));
            refused(ErrorCode.CONFLICT, () -> users.update(caller, ada, json("{'role': 'reader'}")));
        }
        office.platform.user("bob@example.org", OrganizationRole.OWNER);
        assertThat(users.delete(PLATFORM, ada).deleted()).isTrue();
    }

    @Test
    void anOwnersAdministratorKeysEndWithHisRole() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.OWNER);
        office.platform.user("bob@example.org", OrganizationRole.OWNER);
        AdminKeyObject key = keys.create(office.session(ada), json("{'name': 'automation'}"));
        assertThat(key.value()).startsWith("sk-admin-");
        assertThat(key.owner().id()).isEqualTo(ada);
        assertThat(keys.get(key.id()).value()).isNull();

        users.update(PLATFORM, ada, json("{'role': 'reader'}"));

        refused(ErrorCode.NOT_FOUND, () -> keys.get(key.id()));
        assertThat(keys.list(null, null, null).data()).isEmpty();
    }

    @Test
    void onlyItsOwnerIsGivenAnAdministratorKeysNewSecret() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.OWNER);
        AdminKeyObject key = keys.create(office.session(ada), json("{'name': 'a', 'expires_in_seconds': 60}"));

        refused(ErrorCode.PERMISSION_DENIED, () -> keys.rotate(PLATFORM, key.id(), json("{}")));
        assertThat(keys.rotate(office.session(ada), key.id(), json("{}")).value())
                .startsWith("sk-admin-");
        assertThat(keys.delete(PLATFORM, key.id()).deleted()).isTrue();
        refused(ErrorCode.NOT_FOUND, () -> keys.delete(PLATFORM, key.id()));
    }

    @Test
    void aProjectsKeyIsNoAdministratorsKey() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        String key = new ProjectKeysResource(office.administration)
                .create(ada, PROJECT, json("{'name': 'k'}"))
                .id();

        refused(ErrorCode.NOT_FOUND, () -> keys.get(key));
        refused(ErrorCode.NOT_FOUND, () -> keys.delete(PLATFORM, key));
    }
}
