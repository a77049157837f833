package org.llmfactory.projects.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.RateLimit;
import org.llmfactory.database.testing.PostgresDatabase;
import org.llmfactory.projects.store.PresetStore;

/** Two agents with pools of their own on one PostgreSQL database. */
final class PostgresTest {
    private static final String PROJECT = "proj_default";
    private static final String ODD = "'; DROP TABLE users; -- \" \\ %_ 中😀";

    private final PostgresDatabase here = new PostgresDatabase();
    private final PostgresDatabase there = here.ofAnotherAgent();
    private final Platform one = new Platform(here);
    private final Platform other = new Platform(there);

    @AfterEach
    void close() {
        one.close();
        other.close();
        here.close();
        there.close();
    }

    @Test
    void peopleGroupsAndInvitationsAreTheSameAsOnDerby() {
        StoredDirectory directory = new StoredDirectory(one.tables, one.changes);
        one.project("proj_x");
        String group = one.group(ODD);
        one.change((change, now) -> change.groups().setGrant("proj_x", group, ProjectRole.MAINTAINER, Instant.EPOCH));
        one.invite(
                "secret",
                "ada@example.org",
                OrganizationRole.OWNER,
                Map.of(PROJECT, ProjectRole.MEMBER),
                Instant.now().plusSeconds(600));

        User ada = directory.accept("secret", ODD);
        directory.signedIn("ada@example.org", ODD, Set.of(ODD));

        assertThat(ada.name()).isEqualTo(ODD);
        assertThat(directory.memberships(ada.id()))
                .isEqualTo(Map.of(PROJECT, ProjectRole.MEMBER, "proj_x", ProjectRole.MAINTAINER));
    }

    @Test
    void decisionsAndPresetsAreTheSameAsOnDerby() {
        ProjectSettings settings = new ProjectSettings(
                PROJECT,
                new ModelPermissions(ModelPermissions.Mode.ALLOW_LIST, Set.of(ODD)),
                false,
                Set.of("a"),
                Map.of("*", new RateLimit(1, 4_000_000_000L)),
                OptionalInt.of(3),
                Optional.of(new Budget(9, Budget.Period.DAY)),
                Optional.of("strict"),
                true,
                Optional.of(Duration.ofSeconds(5)));
        Preset preset = new Preset(
                "preset_1",
                PROJECT,
                "user-1",
                Visibility.PROJECT,
                "triage",
                1,
                "tiny",
                List.of(new Preset.Part("a", 0.25f)),
                Optional.of(ODD.repeat(1000)),
                Map.of("temperature", 0.5),
                Instant.ofEpochMilli(7));

        one.change((change, now) -> change.projects().decide(settings));
        one.changes().presets(Actor.system(), change -> {
            change.presets().insert(preset);
            change.tell(PresetStore.PRESETS, preset.id());
            return preset;
        });

        assertThat(new StoredProjects(one.tables).settings(PROJECT)).contains(settings);
        assertThat(one.tables.presets().versions("preset_1")).containsExactly(preset);
    }

    @Test
    void theOtherAgentKnowsWithinASecond() {
        String ada = one.user("ada@example.org", OrganizationRole.READER);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(other.now().user(ada)).isPresent());

        one.join(ada, PROJECT, ProjectRole.MEMBER);

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(other.now().places().roles(ada)).containsKey(PROJECT));
        other.change((change, now) -> change.users().delete(ada));
        assertThat(other.now().users()).isEmpty();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(one.now().users()).isEmpty());
    }

    @Test
    void ofOwnersWhoAllLeaveAtOnceOneIsLeft() throws Exception {
        List<String> owners = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            owners.add(one.user("owner" + i + "@example.org", OrganizationRole.OWNER));
        }
        ExecutorService people = Executors.newFixedThreadPool(owners.size());
        int left = 0;
        try {
            List<Future<?>> departures = new ArrayList<>();
            for (int i = 0; i < owners.size(); i++) {
                String owner = owners.get(i);
                Platform agent = i % 2 == 0 ? one : other;
                departures.add(people.submit(
                        () -> agent.change((change, now) -> change.users().delete(owner))));
            }
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
    }
}
