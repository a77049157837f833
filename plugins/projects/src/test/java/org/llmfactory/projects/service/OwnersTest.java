package org.llmfactory.projects.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.state.GroupMapping;

/** The last owner stays, in whatever way he might be lost. */
final class OwnersTest {
    private static final String PROJECT = "proj_default";

    private final CleanDatabase database = new CleanDatabase();
    private final Platform platform = new Platform(database, GroupMapping.NONE, false);

    @AfterEach
    void close() {
        platform.close();
        database.close();
    }

    @Test
    void theLastOwnerOfTheOrganizationIsKept() {
        String ada = platform.user("ada@example.org", OrganizationRole.OWNER);
        String bob = platform.user("bob@example.org", OrganizationRole.READER);

        refused(() -> platform.change((change, now) -> change.users().setRole(ada, OrganizationRole.READER)));
        refused(() -> platform.change((change, now) -> change.users().delete(ada)));
        assertThat(platform.now().user(ada)).map(User::role).contains(OrganizationRole.OWNER);

        platform.change((change, now) -> change.users().setRole(bob, OrganizationRole.OWNER));
        platform.change((change, now) -> change.users().delete(ada));
        assertThat(platform.now().user(ada)).isEmpty();
    }

    @Test
    void theLastOwnerOfAProjectIsKept() {
        String ada = platform.user("ada@example.org", OrganizationRole.READER);
        platform.join(ada, PROJECT, ProjectRole.OWNER);

        refused(() -> platform.join(ada, PROJECT, ProjectRole.MEMBER));
        refused(() -> platform.change((change, now) -> change.members().remove(PROJECT, ada)));
        refused(() -> platform.change((change, now) -> change.users().delete(ada)));
        assertThat(platform.now().places().roles(ada)).containsEntry(PROJECT, ProjectRole.OWNER);
    }

    @Test
    void theLastOwnerThroughAGroupIsKept() {
        String ada = platform.user("ada@example.org", OrganizationRole.READER);
        String group = platform.group("leaders", ada);
        platform.change((change, now) -> change.groups().setGrant(PROJECT, group, ProjectRole.OWNER, Instant.EPOCH));

        refused(() -> platform.change((change, now) -> change.groups().removeMember(group, ada)));
        refused(() -> platform.change((change, now) -> change.groups().removeGrant(PROJECT, group)));
        refused(() -> platform.change((change, now) -> change.groups().delete(group)));
    }

    @Test
    void anOwnedProjectMayBeArchived() {
        String ada = platform.user("ada@example.org", OrganizationRole.READER);
        platform.project("proj_x");
        platform.join(ada, "proj_x", ProjectRole.OWNER);

        platform.change((change, now) -> change.projects().archive("proj_x", Instant.now()));
        platform.change((change, now) -> change.users().delete(ada));

        assertThat(platform.now().user(ada)).isEmpty();
    }

    @Test
    void ofOwnersWhoAllLeaveAtOnceOnTwoAgentsOneIsLeft() throws Exception {
        List<String> owners = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            owners.add(platform.user("owner" + i + "@example.org", OrganizationRole.OWNER));
            platform.join(owners.get(i), PROJECT, ProjectRole.OWNER);
        }
        ExecutorService people = Executors.newFixedThreadPool(owners.size());
        CountDownLatch start = new CountDownLatch(1);
        int left = 0;
        try (Platform other = new Platform(database, GroupMapping.NONE, false)) {
            List<Future<?>> departures = new ArrayList<>();
            for (int i = 0; i < owners.size(); i++) {
                String owner = owners.get(i);
                Platform agent = i % 2 == 0 ? platform : other;
                departures.add(people.submit(() -> {
                    start.await();
                    agent.change((change, now) -> change.users().delete(owner));
                    return owner;
                }));
            }
            start.countDown();
            for (Future<?> departure : departures) {
                try {
                    departure.get(60, TimeUnit.SECONDS);
                    left++;
                } catch (ExecutionException refused) {
                    assertThat(refused.getCause())
                            .isInstanceOfSatisfying(
                                    FactoryException.class,
                                    failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
                }
            }
        } finally {
            people.shutdownNow();
        }

        assertThat(left).isEqualTo(owners.size() - 1);
        assertThat(platform.now().users()).hasSize(1);
    }

    private static void refused(ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
    }
}
