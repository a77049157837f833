package org.llmfactory.projects.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.identity.testing.DirectoryContract;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.projects.state.GroupMapping;

final class StoredDirectoryTest extends DirectoryContract {
    private final Instant later = Instant.now().plus(Duration.ofDays(1));

    private final CleanDatabase database = new CleanDatabase();
    private final Platform platform = new Platform(database, GroupMapping.NONE, false);
    private final StoredDirectory directory = new StoredDirectory(platform.tables, platform.changes);

    @AfterEach
    void close() {
        platform.close();
        database.close();
    }

    @Override
    protected Directory directory() {
        return directory;
    }

    @Override
    protected String add(String email, OrganizationRole role) {
        return platform.user(email, role);
    }

    @Override
    protected void join(String user, String project, ProjectRole role) {
        platform.join(user, project, role);
    }

    @Override
    protected void leave(String user, String project) {
        platform.change((change, now) -> change.members().remove(project, user));
    }

    @Override
    protected String invite(String email) {
        platform.invite("secret", email, OrganizationRole.READER, Map.of(), later);
        return "secret";
    }

    @Test
    void theStrongestOfOwnAndGroupRolesHolds() {
        String ada = add("ada@example.org", OrganizationRole.READER);
        String nurses = platform.group("nurses", ada);
        join(ada, PROJECT, ProjectRole.MEMBER);

        platform.change((change, now) -> change.groups().setGrant(PROJECT, nurses, ProjectRole.VIEWER, Instant.EPOCH));
        assertThat(directory.memberships(ada)).containsEntry(PROJECT, ProjectRole.MEMBER);
        platform.change((change, now) -> change.groups().setGrant(PROJECT, nurses, ProjectRole.OWNER, Instant.EPOCH));
        assertThat(directory.memberships(ada)).containsEntry(PROJECT, ProjectRole.OWNER);
        platform.change((change, now) -> change.groups().setRole(nurses, OrganizationRole.OWNER));
        assertThat(directory.user(ada)).map(User::role).contains(OrganizationRole.OWNER);
    }

    @Test
    void anArchivedProjectIsNobodys() {
        String ada = add("ada@example.org", OrganizationRole.READER);
        platform.project("proj_x");
        join(ada, "proj_x", ProjectRole.OWNER);
        platform.keys.issue(order(ada, "proj_x"), Actor.system());

        platform.change((change, now) -> change.projects().archive("proj_x", Instant.now()));

        assertThat(directory.memberships(ada)).isEmpty();
        assertThat(platform.keys.list(Optional.of("proj_x"))).isEmpty();
    }

    @Test
    void anInvitationGivesItsRolesAndIsEntered() {
        platform.project("proj_x");
        platform.invite(
                "secret", "ada@example.org", OrganizationRole.OWNER, Map.of("proj_x", ProjectRole.MAINTAINER), later);

        User ada = directory.accept("secret", "Ada\nLovelace");

        assertThat(ada.role()).isEqualTo(OrganizationRole.OWNER);
        assertThat(ada.name()).isEqualTo("Ada Lovelace");
        assertThat(directory.memberships(ada.id())).isEqualTo(Map.of("proj_x", ProjectRole.MAINTAINER));
        assertThat(platform.ledger.types()).containsExactly("user.added", "invite.accepted");
    }

    @Test
    void anExpiredInvitationLetsNobodyIn() {
        platform.invite("secret", "ada@example.org", OrganizationRole.READER, Map.of(), Instant.now());

        assertThatThrownBy(() -> directory.accept("secret", "Ada"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(directory.userByEmail("ada@example.org")).isEmpty();
    }

    @Test
    void whoWasInvitedSignsInWithHisProvider() {
        platform.invite(
                "secret", "ada@example.org", OrganizationRole.READER, Map.of(PROJECT, ProjectRole.MEMBER), later);

        User ada = directory.signedIn("Ada@example.org", "Ada", Set.of());

        assertThat(directory.memberships(ada.id())).containsEntry(PROJECT, ProjectRole.MEMBER);
        assertThat(platform.now().invitations())
                .allMatch(invitation -> invitation.accepted().isPresent());
    }

    @Test
    void aSecondSignInWithTheSameWordsChangesNothing() {
        String ada = add("ada@example.org", OrganizationRole.READER);
        directory.signedIn("ada@example.org", "Ada", Set.of());
        long revision = platform.now().revision();

        assertThat(directory
                        .signedIn("ada@example.org", "Ada", Set.of("unheard-of"))
                        .id())
                .isEqualTo(ada);
        assertThat(platform.now().revision()).isEqualTo(revision);
    }

    @Test
    void theProvidersGroupsAreSetAtEverySignIn() {
        String ada = add("ada@example.org", OrganizationRole.READER);
        String nurses = platform.group("nurses");
        platform.change((change, now) -> change.groups().setGrant(PROJECT, nurses, ProjectRole.MEMBER, Instant.EPOCH));

        directory.signedIn("ada@example.org", "Ada", Set.of("nurses", "golfers"));
        assertThat(directory.memberships(ada)).containsEntry(PROJECT, ProjectRole.MEMBER);

        platform.keys.issue(order(ada, PROJECT), Actor.system());
        directory.signedIn("ada@example.org", "Ada", Set.of("golfers"));
        assertThat(directory.memberships(ada)).isEmpty();
        assertThat(platform.keys.list(Optional.of(PROJECT))).isEmpty();
    }

    @Test
    void configurationSaysWhatProvidersGroupsAreWorth() {
        GroupMapping mapping =
                GroupMapping.parse(List.of("llm-admins=organization:owner", "nurses = proj_default:member"), line -> {
                    throw new AssertionError(line);
                });
        try (Platform mapped = new Platform(database, mapping, true)) {
            StoredDirectory open = new StoredDirectory(mapped.tables, mapped.changes);

            User ada = open.signedIn("ada@example.org", "Ada", Set.of("nurses"));
            assertThat(ada.role()).isEqualTo(OrganizationRole.READER);
            assertThat(open.memberships(ada.id())).isEqualTo(Map.of(PROJECT, ProjectRole.MEMBER));

            assertThat(open.signedIn("ada@example.org", "Ada", Set.of("llm-admins"))
                            .role())
                    .isEqualTo(OrganizationRole.OWNER);
            assertThat(open.memberships(ada.id())).isEmpty();
            assertThat(open.signedIn("ada@example.org", "Ada", Set.of()).role()).isEqualTo(OrganizationRole.READER);
        }
    }

    @Test
    void anotherAgentSeesTheChangeAtOnce() {
        try (Platform other = new Platform(database, GroupMapping.NONE, false)) {
            StoredDirectory elsewhere = new StoredDirectory(other.tables, other.changes);
            String ada = add("ada@example.org", OrganizationRole.READER);
            assertThat(elsewhere.user(ada)).isPresent();

            join(ada, PROJECT, ProjectRole.MEMBER);
            assertThat(elsewhere.memberships(ada)).containsEntry(PROJECT, ProjectRole.MEMBER);

            other.change((change, now) -> change.users().delete(ada));
            assertThat(directory.user(ada)).isEmpty();
            assertThat(directory.memberships(ada)).isEmpty();
        }
    }

    @Test
    void nothingChangesWithoutALedger() {
        ChangesService alone = new ChangesService(platform.tables);
        StoredDirectory mute = new StoredDirectory(platform.tables, alone);
        invite("ada@example.org");

        assertThatThrownBy(() -> mute.accept("secret", "Ada"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(mute.userByEmail("ada@example.org")).isEmpty();
    }

    @Test
    void namesThatLookLikeStatementsAreNames() {
        String email = "robert'); drop table users;--@example.org";
        String ada = add(email, OrganizationRole.READER);
        String group = platform.group("\"; DELETE FROM user_groups; -- \\ %_ 中😀", ada);

        assertThat(directory.userByEmail(email)).map(User::name).contains("Name of " + email);
        assertThat(platform.now().groups().find(group))
                .map(found -> found.name())
                .contains("\"; DELETE FROM user_groups; -- \\ %_ 中😀");
        assertThat(platform.now().groups().people(group)).hasSize(1);
    }

    private static ApiKeys.Order order(String owner, String project) {
        return new ApiKeys.Order(
                ApiKey.Kind.USER, "key", owner, Optional.of(project), KeyScope.UNRESTRICTED, Optional.empty());
    }
}
