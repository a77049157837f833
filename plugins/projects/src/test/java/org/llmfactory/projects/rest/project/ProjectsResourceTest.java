package org.llmfactory.projects.rest.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.projects.rest.Office.PLATFORM;
import static org.llmfactory.projects.rest.Office.PROJECT;
import static org.llmfactory.projects.rest.Office.json;
import static org.llmfactory.projects.rest.Office.refused;

import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Office;

final class ProjectsResourceTest {
    private final Office office = new Office();
    private final ProjectsResource projects = new ProjectsResource(office.administration);
    private final ProjectResource project = new ProjectResource(office.administration);

    @AfterEach
    void close() {
        office.close();
    }

    private String create(SecurityContext security, String name) {
        return projects.create(security, json("{}").put("name", name)).id();
    }

    @Test
    void thePlatformsProjectHasNoOwnerAndIsEntered() {
        String id = create(PLATFORM, "Research");

        assertThat(id).matches("proj_[0-9a-f]{24}");
        assertThat(office.platform.now().places().members(id)).isEmpty();
        assertThat(office.platform.ledger.types()).containsExactly("project.created");
    }

    @Test
    void whoeverMakesAProjectOwnsIt() {
        String ada = office.platform.user("ada@example.org", OrganizationRole.OWNER);

        String id = create(office.session(ada), "Research");

        assertThat(office.directory.memberships(ada)).containsEntry(id, ProjectRole.OWNER);
    }

    @Test
    void aCallerSeesTheProjectsHeBelongsTo() {
        String hidden = create(PLATFORM, "Hidden");
        SecurityContext viewer = office.member("vi", ProjectRole.VIEWER);
        SecurityContext organizer = office.session(office.platform.user("ada@example.org", OrganizationRole.OWNER));

        assertThat(projects.list(viewer, null, null, true).data())
                .extracting(ProjectObject::id)
                .containsExactly(PROJECT);
        assertThat(projects.list(organizer, null, null, false).data())
                .extracting(ProjectObject::id)
                .containsExactly(PROJECT, hidden);
    }

    @Test
    void pagesFollowOneAnother() {
        create(PLATFORM, "One");
        create(PLATFORM, "Two");

        var first = projects.list(PLATFORM, "2", null, false);
        var second = projects.list(PLATFORM, "2", first.lastId(), false);

        assertThat(first.hasMore()).isTrue();
        assertThat(second.hasMore()).isFalse();
        assertThat(second.data()).extracting(ProjectObject::name).containsExactly("Two");
    }

    @Test
    void anArchivedProjectIsListedOnlyWhenAskedForAndNeverChangedAgain() {
        String id = create(PLATFORM, "Old");

        assertThat(project.archive(PLATFORM, id).status()).isEqualTo("archived");

        assertThat(projects.list(PLATFORM, null, null, false).data())
                .extracting(ProjectObject::id)
                .doesNotContain(id);
        assertThat(projects.list(PLATFORM, null, null, true).data())
                .extracting(ProjectObject::id)
                .contains(id);
        refused(ErrorCode.INVALID_REQUEST, () -> project.update(PLATFORM, id, json("{'name': 'New'}")));
        refused(ErrorCode.INVALID_REQUEST, () -> project.archive(PLATFORM, id));
        assertThat(office.platform.ledger.types()).endsWith("project.archived");
    }

    @Test
    void theDefaultProjectIsNeverArchived() {
        refused(ErrorCode.INVALID_REQUEST, () -> project.archive(PLATFORM, PROJECT));
    }

    @Test
    void archivingRevokesTheKeysOfServiceAccounts() {
        String id = create(PLATFORM, "Old");
        new ServiceAccountsResource(office.administration).create(PLATFORM, id, json("{'name': 'crawler'}"));
        assertThat(office.platform.keys.list(Optional.of(id))).hasSize(1);

        project.archive(PLATFORM, id);

        assertThat(office.platform.keys.list(Optional.of(id))).isEmpty();
    }

    @Test
    void aRenamedProjectIsEnteredOnce() {
        String id = create(PLATFORM, "Old");

        assertThat(project.update(PLATFORM, id, json("{'name': 'New'}")).name()).isEqualTo("New");
        project.update(PLATFORM, id, json("{'name': 'New'}"));
        project.update(PLATFORM, id, json("{}"));

        assertThat(office.platform.ledger.types()).containsExactly("project.created", "project.updated");
    }

    @Test
    void namesAreReadStrictly() {
        refused(ErrorCode.MISSING_PARAMETER, "name", () -> projects.create(PLATFORM, json("{}")));
        refused(ErrorCode.INVALID_TYPE, "name", () -> projects.create(PLATFORM, json("{'name': 7}")));
        refused(ErrorCode.INVALID_VALUE, "name", () -> create(PLATFORM, " "));
        refused(ErrorCode.INVALID_VALUE, "name", () -> create(PLATFORM, "a\u0000b"));
        refused(ErrorCode.INVALID_VALUE, "name", () -> create(PLATFORM, "line\nbreak"));
        refused(ErrorCode.INVALID_VALUE, "name", () -> create(PLATFORM, "half \ud83d"));
        refused(ErrorCode.INVALID_VALUE, "name", () -> create(PLATFORM, "x".repeat(257)));
        String odd = "'; DROP TABLE projects; -- \" \\ %_ 中😀";
        assertThat(project.get(create(PLATFORM, odd)).name()).isEqualTo(odd);
        assertThat(create(PLATFORM, "x".repeat(256))).isNotEmpty();
    }

    @Test
    void anUnknownProjectIsUnknown() {
        refused(ErrorCode.NOT_FOUND, () -> project.get("proj_none"));
        refused(ErrorCode.NOT_FOUND, () -> project.update(PLATFORM, "proj_none", json("{}")));
    }
}
