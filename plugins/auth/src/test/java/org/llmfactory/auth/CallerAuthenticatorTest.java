package org.llmfactory.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey.Kind;
import org.llmfactory.api.identity.ApiKeys.Issued;
import org.llmfactory.api.identity.ApiKeys.Order;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Credentials;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.identity.testing.InMemoryDirectory;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.auth.key.KeyLookup;
import org.llmfactory.auth.key.ShortTokens;
import org.llmfactory.auth.key.StoredApiKeys;
import org.llmfactory.auth.session.BrowserSessions;
import org.llmfactory.auth.store.Configs;
import org.llmfactory.auth.store.Secrets;
import org.llmfactory.auth.store.SettableClock;
import org.llmfactory.auth.store.TestTables;

final class CallerAuthenticatorTest {
    private static final Actor ACTOR = Actor.system();
    private static final String ORIGIN = "https://app.example";

    @TempDir
    private Path home;

    private final InMemoryDirectory directory = new InMemoryDirectory();
    private final InMemoryProjects projects =
            new InMemoryProjects().put(ProjectSettings.defaults("proj_1")).put(ProjectSettings.defaults("proj_2"));
    private final SettableClock clock = new SettableClock();
    private TestTables tables;
    private BrowserSessions sessions;
    private StoredApiKeys keys;
    private ShortTokens tokens;
    private CallerAuthenticator authenticator;

    @BeforeEach
    void open() throws IOException {
        tables = new TestTables(home);
        sessions = new BrowserSessions(
                tables.get(), Configs.of(BrowserSessions.Config.class, Map.of()), Clock.systemUTC());
        keys = new StoredApiKeys(tables.get(), new InMemoryLedger(), sessions);
        tokens = new ShortTokens(tables.get());
        authenticator = new CallerAuthenticator(new FolderHome(home));
        authenticator.stored = new StoredCallers(new KeyLookup(keys, tokens), sessions, directory, projects, clock);
        directory.add("user-1", "ada@example.org", OrganizationRole.READER);
        directory.join("user-1", "proj_1", ProjectRole.MEMBER);
        directory.join("user-1", "proj_2", ProjectRole.VIEWER);
        directory.add("user-boss", "boss@example.org", OrganizationRole.OWNER);
        directory.join("user-boss", "proj_1", ProjectRole.OWNER);
        directory.join("svc_acct_1", "proj_1", ProjectRole.MEMBER);
    }

    private String issue(Kind kind, String owner, KeyScope scope) {
        return issued(kind, owner, scope).value();
    }

    private Issued issued(Kind kind, String owner, KeyScope scope) {
        Optional<String> project = kind == Kind.ADMIN ? Optional.empty() : Optional.of("proj_1");
        return keys.issue(new Order(kind, "n", owner, project, scope, Optional.empty()), ACTOR);
    }

    private String issue(Kind kind, String owner) {
        return issue(kind, owner, kind == Kind.PUBLISHABLE ? scope(List.of(), List.of(ORIGIN)) : KeyScope.UNRESTRICTED);
    }

    private static KeyScope scope(List<String> addresses, List<String> origins) {
        return new KeyScope(
                EnumSet.allOf(Area.class),
                Optional.of(Set.of("model-a")),
                Optional.empty(),
                addresses,
                origins,
                OptionalInt.of(3),
                OptionalLong.empty());
    }

    private Optional<Caller> by(String key) {
        return authenticator.authenticate(Credentials.ofKey(key));
    }

    private Optional<Caller> by(String key, String address, Optional<String> origin, Optional<String> project) {
        return authenticator.authenticate(
                new Credentials(Optional.of(key), Optional.empty(), Optional.empty(), true, address, origin, project));
    }

    private Optional<Caller> by(String key, String project) {
        return by(key, "127.0.0.1", Optional.empty(), Optional.of(project));
    }

    private static Credentials session(
            String secret, Optional<String> token, boolean changes, Optional<String> project) {
        return new Credentials(
                Optional.empty(), Optional.of(secret), token, changes, "127.0.0.1", Optional.empty(), project);
    }

    @Test
    void keyOfTheHomeIsThePlatforms() throws IOException {
        String key = Files.readString(home.resolve("admin.key")).strip();

        assertThat(by(key)).contains(Caller.platform());
        assertThat(by(key, Caller.DEFAULT_PROJECT)).contains(Caller.platform());
    }

    @Test
    void platformActsInAnyProjectThatIsThereWithoutBelongingToIt() throws IOException {
        String key = Files.readString(home.resolve("admin.key")).strip();

        assertThat(by(key, "proj_1")).hasValueSatisfying(caller -> {
            assertThat(caller.project()).isEqualTo("proj_1");
            assertThat(caller.organizationRole()).isEqualTo(OrganizationRole.OWNER);
            assertThat(caller.roleIn("proj_1")).isEmpty();
            assertThat(AccessPolicy.allows(caller, Action.MANAGE_SETTINGS, Resource.project("proj_1")))
                    .isTrue();
            assertThat(AccessPolicy.allows(caller, Action.GENERATE, Resource.project("proj_1")))
                    .isFalse();
        });
        assertThat(by(key, "proj_unknown")).isEmpty();
        authenticator.stored = null;
        assertThat(by(key, "proj_1")).isEmpty();
    }

    @Test
    void ownerOfTheOrganizationActsInAnyProjectThatIsThereWithoutBelongingToIt() {
        String secret = sessions.begin(directory.user("user-boss").orElseThrow());
        String key = issue(Kind.ADMIN, "user-boss");

        for (String project : List.of("proj_1", "proj_2", Caller.DEFAULT_PROJECT)) {
            assertThat(by(key, project)).hasValueSatisfying(caller -> {
                assertThat(caller.project()).isEqualTo(project);
                assertThat(caller.projects()).isEmpty();
            });
            assertThat(authenticator.authenticate(session(secret, Optional.empty(), false, Optional.of(project))))
                    .hasValueSatisfying(caller -> {
                        assertThat(caller.project()).isEqualTo(project);
                        assertThat(caller.projects()).containsOnlyKeys("proj_1");
                    });
        }
        // What was archived has no settings either.
        for (String absent : List.of("proj_unknown", "x", "PROJ_1")) {
            assertThat(by(key, absent)).isEmpty();
            assertThat(authenticator.authenticate(session(secret, Optional.empty(), false, Optional.of(absent))))
                    .isEmpty();
        }
    }

    @Test
    void nobodyElseReachesProjectsOfOthers() {
        directory.leave("user-1", "proj_2");
        String secret = sessions.begin(directory.user("user-1").orElseThrow());

        assertThat(authenticator.authenticate(session(secret, Optional.empty(), false, Optional.of("proj_2"))))
                .isEmpty();
        assertThat(by(issue(Kind.USER, "user-1"), "proj_2")).isEmpty();
        assertThat(by(issue(Kind.USER, "user-boss"), "proj_2")).isEmpty();
        assertThat(by(issue(Kind.SERVICE_ACCOUNT, "svc_acct_1"), "proj_2")).isEmpty();
    }

    @Test
    void platformsKeyWorksWithoutADatabaseAndNoOtherDoes() throws IOException {
        String key = Files.readString(home.resolve("admin.key")).strip();
        String user = issue(Kind.USER, "user-1");
        String session = sessions.begin(directory.user("user-1").orElseThrow());
        authenticator.stored = null;

        assertThat(by(key)).contains(Caller.platform());
        assertThat(by(user)).isEmpty();
        assertThat(authenticator.authenticate(session(session, Optional.empty(), false, Optional.empty())))
                .isEmpty();
    }

    @Test
    void usersKeyLendsHisRoleInItsProjectAlone() {
        Issued issued = issued(Kind.USER, "user-1", scope(List.of(), List.of()));

        assertThat(by(issued.value()))
                .contains(new Caller(
                        Caller.Kind.USER,
                        "user-1",
                        "proj_1",
                        OrganizationRole.READER,
                        Map.of("proj_1", ProjectRole.MEMBER),
                        Optional.of(issued.key().id()),
                        issued.key().scope()));
    }

    @Test
    void nobodyAdministersTheOrganizationWithAProjectsKey() {
        assertThat(by(issue(Kind.USER, "user-boss"))).hasValueSatisfying(caller -> {
            assertThat(caller.organizationRole()).isEqualTo(OrganizationRole.READER);
            assertThat(caller.projects()).containsExactly(Map.entry("proj_1", ProjectRole.OWNER));
        });
    }

    @Test
    void headerNamesTheKeysOwnProjectOrTheRequestIsRefused() {
        String key = issue(Kind.USER, "user-1");

        assertThat(by(key, "proj_1")).isPresent();
        assertThat(by(key, "proj_2")).isEmpty();
        assertThat(by(key, "proj_unknown")).isEmpty();
    }

    @Test
    void serviceAccountHasItsProjectOnly() {
        assertThat(by(issue(Kind.SERVICE_ACCOUNT, "svc_acct_1"))).hasValueSatisfying(caller -> {
            assertThat(caller.kind()).isEqualTo(Caller.Kind.SERVICE_ACCOUNT);
            assertThat(caller.organizationRole()).isEqualTo(OrganizationRole.NONE);
            assertThat(caller.projects()).containsExactly(Map.entry("proj_1", ProjectRole.MEMBER));
        });
    }

    @Test
    void administratorsKeyAdministersAndNothingElse() {
        assertThat(by(issue(Kind.ADMIN, "user-boss"))).hasValueSatisfying(caller -> {
            assertThat(caller.organizationRole()).isEqualTo(OrganizationRole.OWNER);
            assertThat(caller.scope().areas())
                    .containsExactlyInAnyOrder(Area.ADMINISTRATION, Area.REPORTS, Area.PLATFORM);
            assertThat(caller.projects()).isEmpty();
        });
    }

    @Test
    void administratorsKeyEndsWithItsOwnersRole() {
        String key = issue(Kind.ADMIN, "user-boss");

        directory.add("user-boss", "boss@example.org", OrganizationRole.READER);

        assertThat(by(key)).isEmpty();
        assertThat(by(issue(Kind.ADMIN, "user-1"))).isEmpty();
    }

    @Test
    void platformMayOwnKeys() {
        assertThat(by(issue(Kind.ADMIN, "admin"))).hasValueSatisfying(caller -> {
            assertThat(caller.kind()).isEqualTo(Caller.Kind.PLATFORM);
            assertThat(caller.apiKey()).isPresent();
        });
    }

    @Test
    void keyIsWorthWhatItsOwnerIsAtThatMoment() {
        String key = issue(Kind.USER, "user-1");
        assertThat(by(key)).isPresent();

        directory.join("user-1", "proj_1", ProjectRole.OWNER);
        assertThat(by(key).orElseThrow().projects()).containsEntry("proj_1", ProjectRole.OWNER);
        directory.leave("user-1", "proj_1");
        assertThat(by(key)).isEmpty();
    }

    @Test
    void revokedKeyIsRefusedAtOnce() {
        Issued issued = issued(Kind.USER, "user-1", KeyScope.UNRESTRICTED);
        assertThat(by(issued.value())).isPresent();

        keys.revoke(issued.key().id(), ACTOR);

        assertThat(by(issued.value())).isEmpty();
    }

    @Test
    void expiredKeyIsRefused() {
        Instant end = clock.instant().plus(Duration.ofHours(1));
        String key = keys.issue(
                        new Order(
                                Kind.USER,
                                "n",
                                "user-1",
                                Optional.of("proj_1"),
                                KeyScope.UNRESTRICTED,
                                Optional.of(end)),
                        ACTOR)
                .value();
        assertThat(by(key)).isPresent();

        clock.pass(Duration.ofHours(1));

        assertThat(by(key)).isEmpty();
    }

    @Test
    void rotatedKeyIsRefusedAfterTheOverlap() {
        Issued issued = issued(Kind.USER, "user-1", KeyScope.UNRESTRICTED);
        String renewed = keys.rotate(issued.key().id(), Duration.ofHours(1), ACTOR)
                .orElseThrow()
                .value();
        assertThat(by(issued.value())).isPresent();

        clock.pass(Duration.ofMinutes(61));

        assertThat(by(issued.value())).isEmpty();
        assertThat(by(renewed)).isPresent();
    }

    @Test
    void keyWorksFromItsNetworksOnly() {
        String key = issue(Kind.USER, "user-1", scope(List.of("192.0.2.0/24", "2001:db8::/32"), List.of()));

        assertThat(by(key, "192.0.2.9", Optional.empty(), Optional.empty())).isPresent();
        assertThat(by(key, "2001:db8::9", Optional.empty(), Optional.empty())).isPresent();
        assertThat(by(key, "198.51.100.9", Optional.empty(), Optional.empty())).isEmpty();
        assertThat(by(key, "192.0.2.9.example.com", Optional.empty(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void publishableKeyOpensNothingByItself() {
        assertThat(by(issue(Kind.PUBLISHABLE, "user-1"), "127.0.0.1", Optional.of(ORIGIN), Optional.empty()))
                .isEmpty();
    }

    @Test
    void shortTokenOpensInferenceForItsOrigin() {
        Issued issued = issued(Kind.PUBLISHABLE, "user-1", scope(List.of(), List.of(ORIGIN)));
        String token = tokens.issue(issued.key().id(), ORIGIN);

        assertThat(by(token, "127.0.0.1", Optional.of(ORIGIN), Optional.empty()))
                .hasValueSatisfying(caller -> {
                    assertThat(caller.scope().areas()).containsExactly(Area.INFERENCE);
                    assertThat(caller.scope().requestsPerMinute()).hasValue(3);
                    assertThat(caller.apiKey()).contains(issued.key().id());
                });
        assertThat(by(token, "127.0.0.1", Optional.empty(), Optional.empty())).isEmpty();
        assertThat(by(token, "127.0.0.1", Optional.of("https://evil.example"), Optional.empty()))
                .isEmpty();
    }

    @Test
    void shortTokenEndsWithItsKey() {
        Issued issued = issued(Kind.PUBLISHABLE, "user-1", scope(List.of(), List.of(ORIGIN)));
        String token = tokens.issue(issued.key().id(), ORIGIN);
        assertThat(by(token, "127.0.0.1", Optional.of(ORIGIN), Optional.empty()))
                .isPresent();

        keys.revoke(issued.key().id(), ACTOR);

        assertThat(by(token, "127.0.0.1", Optional.of(ORIGIN), Optional.empty()))
                .isEmpty();
    }

    @Test
    void shortTokenIsMadeFromPublishableKeysOnly() {
        Issued issued = issued(Kind.USER, "user-1", KeyScope.UNRESTRICTED);

        assertThat(by(tokens.issue(issued.key().id(), ORIGIN), "127.0.0.1", Optional.of(ORIGIN), Optional.empty()))
                .isEmpty();
    }

    @Test
    void caseOfASecretDoesNotMatter() throws IOException {
        Files.writeString(home.resolve("admin.key"), "sk-admin-Chosen-By-A-Person");
        CallerAuthenticator restarted = new CallerAuthenticator(new FolderHome(home));
        restarted.stored = authenticator.stored;
        Issued publishable = issued(Kind.PUBLISHABLE, "user-1", scope(List.of(), List.of(ORIGIN)));
        String session = sessions.begin(directory.user("user-1").orElseThrow());

        for (String secret : List.of("sk-admin-Chosen-By-A-Person", issue(Kind.USER, "user-1"))) {
            for (String written : List.of(secret.toUpperCase(Locale.ROOT), secret.toLowerCase(Locale.ROOT), secret)) {
                assertThat(restarted.authenticate(Credentials.ofKey(written))).isPresent();
            }
        }
        String token = tokens.issue(publishable.key().id(), ORIGIN).toUpperCase(Locale.ROOT);
        assertThat(by(token, "127.0.0.1", Optional.of(ORIGIN), Optional.empty()))
                .isPresent();
        assertThat(restarted.authenticate(
                        session(session.toUpperCase(Locale.ROOT), Optional.empty(), false, Optional.empty())))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noTwoKeysDifferInCaseAlone(Kind kind) {
        String key = issue(kind, "user-1");

        assertThat(key).isEqualTo(Credentials.folded(key)).startsWith(kind.prefix());
        assertThat(key.substring(kind.prefix().length())).matches("[0-9a-f]{64,}");
    }

    @Test
    void wrongKeysAreRefused() throws IOException {
        String key = issue(Kind.USER, "user-1");
        String admin = Files.readString(home.resolve("admin.key")).strip();

        for (String wrong : List.of(
                "",
                "sk-proj-",
                key + "x",
                key.substring(1),
                "ключ",
                "' OR 1=1",
                admin + " ",
                "tk-x",
                keys.digest(key))) {
            assertThat(by(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void madeUpKeyDoesNotReachTheDatabase() {
        String good = issue(Kind.USER, "user-1");
        String prefix = Kind.USER.prefix();
        withoutKeys(() -> {
            for (int i = 0; i < 1000; i++) {
                assertThat(by(prefix + Secrets.secret() + Secrets.secret().substring(0, 16)))
                        .isEmpty();
            }
            assertThat(by("sk-admin-" + good.substring(prefix.length()))).isEmpty();
            // The table is really away.
            assertThatThrownBy(() -> by(good)).isInstanceOf(RuntimeException.class);
        });

        assertThat(by(good)).isPresent();
    }

    @Test
    void revokedKeyIsAskedForOnce() {
        Issued issued = issued(Kind.USER, "user-1", KeyScope.UNRESTRICTED);
        keys.revoke(issued.key().id(), ACTOR);
        assertThat(by(issued.value())).isEmpty();

        withoutKeys(() -> assertThat(by(issued.value())).isEmpty());
    }

    private void withoutKeys(Runnable test) {
        tables.get().jdbi().useHandle(handle -> handle.execute("RENAME TABLE api_key_secret TO away"));
        try {
            test.run();
        } finally {
            tables.get().jdbi().useHandle(handle -> handle.execute("RENAME TABLE away TO api_key_secret"));
        }
    }

    @Test
    void sessionHasAllRightsOfItsPerson() {
        String secret = sessions.begin(directory.user("user-1").orElseThrow());

        assertThat(authenticator.authenticate(session(secret, Optional.empty(), false, Optional.empty())))
                .contains(new Caller(
                        Caller.Kind.USER,
                        "user-1",
                        "proj_1",
                        OrganizationRole.READER,
                        Map.of("proj_1", ProjectRole.MEMBER, "proj_2", ProjectRole.VIEWER),
                        Optional.empty(),
                        KeyScope.UNRESTRICTED));
    }

    @Test
    void headerSelectsAmongASessionsProjects() {
        String secret = sessions.begin(directory.user("user-1").orElseThrow());

        assertThat(authenticator.authenticate(session(secret, Optional.empty(), false, Optional.of("proj_2"))))
                .hasValueSatisfying(caller -> assertThat(caller.project()).isEqualTo("proj_2"));
        assertThat(authenticator.authenticate(session(secret, Optional.empty(), false, Optional.of("proj_3"))))
                .isEmpty();
    }

    @Test
    void changingRequestOfASessionNeedsItsToken() {
        String secret = sessions.begin(directory.user("user-1").orElseThrow());
        String other = sessions.begin(directory.user("user-1").orElseThrow());
        String token = sessions.csrfToken(secret);

        assertThat(authenticator.authenticate(session(secret, Optional.of(token), true, Optional.empty())))
                .isPresent();
        for (Optional<String> wrong : List.of(
                Optional.<String>empty(), Optional.of(""), Optional.of("x"), Optional.of(sessions.csrfToken(other)))) {
            assertThatThrownBy(() -> authenticator.authenticate(session(secret, wrong, true, Optional.empty())))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        }
    }

    @Test
    void sessionEndsWhenItsPersonsRoleChanges() {
        User boss = directory.user("user-boss").orElseThrow();
        String secret = sessions.begin(boss);
        directory.add("user-boss", "boss@example.org", OrganizationRole.READER);

        assertThat(authenticator.authenticate(session(secret, Optional.empty(), false, Optional.empty())))
                .isEmpty();
        directory.add("user-boss", "boss@example.org", OrganizationRole.OWNER);
        assertThat(authenticator.authenticate(session(secret, Optional.empty(), false, Optional.empty())))
                .isEmpty();
    }

    @Test
    void keyGoesBeforeTheCookie() {
        String secret = sessions.begin(directory.user("user-boss").orElseThrow());
        String key = issue(Kind.USER, "user-1");

        Optional<Caller> caller = authenticator.authenticate(new Credentials(
                Optional.of(key),
                Optional.of(secret),
                Optional.empty(),
                true,
                "127.0.0.1",
                Optional.empty(),
                Optional.empty()));

        assertThat(caller.map(Caller::id)).contains("user-1");
    }

    @Test
    void keyInUseIsKnownInMicroseconds() {
        String key = issue(Kind.USER, "user-1");
        Credentials credentials = Credentials.ofKey(key);
        for (int i = 0; i < 20_000; i++) {
            authenticator.authenticate(credentials);
        }
        long[] times = new long[2001];
        for (int i = 0; i < times.length; i++) {
            long started = System.nanoTime();
            authenticator.authenticate(credentials);
            times[i] = System.nanoTime() - started;
        }
        Arrays.sort(times);

        assertThat(Duration.ofNanos(times[times.length / 2])).isLessThan(Duration.ofNanos(200_000));
    }
}
