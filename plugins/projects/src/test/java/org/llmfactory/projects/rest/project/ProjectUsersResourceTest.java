package org.llmfactory.projects.rest.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.projects.rest.Office.PLATFORM;
import static org.llmfactory.projects.rest.Office.PROJECT;
import static org.llmfactory.projects.rest.Office.id;
import static org.llmfactory.projects.rest.Office.json;
import static org.llmfactory.projects.rest.Office.refused;

import java.time.Instant;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Office;

final class ProjectUsersResourceTest {
    private final Office office = new Office();
    private final ProjectUsersResource users = new ProjectUsersResource(office.administration);

    @AfterEach
    void close() {
        office.close();
    }

    @Test
    void aPersonIsLetInByIdOrByAddress() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        String bob = office.platform.user("bob@example.org", OrganizationRole.READER);

        users.add(PLATFORM, PROJECT, json("{'user_id': '" + ada + "', 'role': 'maintainer'}"));
        users.add(PLATFORM, PROJECT, json("{'email': 'BOB@example.org', 'role': 'role-project-viewer'}"));

        assertThat(users.list(PROJECT, null, null).data())
                .extracting(ProjectUserObject::id, ProjectUserObject::role)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(ada, "maintainer"),
                        org.assertj.core.api.Assertions.tuple(bob, "viewer"));
        assertThat(office.platform.ledger.types()).containsExactly("user.added", "user.added");
    }

    @Test
    void whoIsInAlreadyIsNotLetInAgain() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);

        refused(
                ErrorCode.CONFLICT,
                () -> users.add(PLATFORM, PROJECT, json("{'user_id': '" + id(ada) + "', 'role': 'member'}")));
    }

    @Test
    void whoLeavesLosesHisKeysThere() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        ProjectKeysResource keys = new ProjectKeysResource(office.administration);
        keys.create(ada, PROJECT, json("{'name': 'notebook'}"));

        users.remove(PLATFORM, PROJECT, id(ada));

        assertThat(office.platform.keys.list(Optional.of(PROJECT))).isEmpty();
        refused(ErrorCode.NOT_FOUND, () -> users.get(PROJECT, id(ada)));
    }

    @Test
    void theLastOwnerIsNeitherRemovedNorDemoted() {
        SecurityContext ada = office.member("ada", ProjectRole.OWNER);

        refused(ErrorCode.CONFLICT, () -> users.remove(ada, PROJECT, id(ada)));
        refused(ErrorCode.CONFLICT, () -> users.update(ada, PROJECT, id(ada), json("{'role': 'member'}")));
        assertThat(users.get(PROJECT, id(ada)).role()).isEqualTo("owner");
    }

    @Test
    void whoCameThroughAGroupLeavesThroughIt() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);
        String group = office.platform.group("nurses", ada);
        office.platform.change(
                (change, now) -> change.groups().setGrant(PROJECT, group, ProjectRole.MEMBER, Instant.EPOCH));

        assertThat(users.get(PROJECT, ada).role()).isEqualTo("member");
        refused(ErrorCode.CONFLICT, () -> users.remove(PLATFORM, PROJECT, ada));
    }

    @Test
    void rolesAndPeopleAreReadStrictly() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.READER);

        refused(
                ErrorCode.INVALID_VALUE,
                "role",
                () -> users.add(PLATFORM, PROJECT, json("{'user_id': '" + ada + "', 'role': 'king'}")));
        refused(ErrorCode.MISSING_PARAMETER, "role", () -> users.add(PLATFORM, PROJECT, json("{'user_id': 'x'}")));
        refused(ErrorCode.MISSING_PARAMETER, "user_id", () -> users.add(PLATFORM, PROJECT, json("{'role': 'member'}")));
        refused(
                ErrorCode.NOT_FOUND,
                () -> users.add(PLATFORM, PROJECT, json("{'email': 'nobody@example.org', 'role': 'member'}")));
        refused(
                ErrorCode.NOT_FOUND,
                () -> users.add(PLATFORM, "proj_none", json("{'user_id': '" + ada + "', 'role': 'member'}")));
    }
}
