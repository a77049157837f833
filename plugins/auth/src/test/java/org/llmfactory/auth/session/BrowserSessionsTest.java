package org.llmfactory.auth.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.auth.store.Configs;
import org.llmfactory.auth.store.SettableClock;
import org.llmfactory.auth.store.TestTables;

final class BrowserSessionsTest {
    @TempDir
    private Path home;

    private final SettableClock clock = new SettableClock();
    private final User user = new User("user-1", "a@b.example", "A", OrganizationRole.READER, clock.instant());
    private TestTables tables;
    private BrowserSessions sessions;

    @BeforeEach
    void open() {
        tables = new TestTables(home);
        sessions = agent();
    }

    private BrowserSessions agent() {
        return new BrowserSessions(
                tables.get(),
                Configs.of(BrowserSessions.Config.class, Map.of("idleMinutes", 30, "lifetimeHours", 2)),
                clock);
    }

    @Test
    void sessionIsFoundByItsSecretOnly() {
        String secret = sessions.begin(user);

        assertThat(sessions.find(secret)).hasValueSatisfying(session -> {
            assertThat(session.principal()).isEqualTo("user-1");
            assertThat(session.role()).isEqualTo(OrganizationRole.READER);
        });
        assertThat(sessions.find(secret + "x")).isEmpty();
        assertThat(sessions.find("")).isEmpty();
        assertThat(tables.dump("browser_session")).doesNotContain(secret);
    }

    @Test
    void everySessionHasASecretOfItsOwn() {
        assertThat(sessions.begin(user)).matches("[0-9a-f]{80}").isNotEqualTo(sessions.begin(user));
    }

    @Test
    void madeUpSecretDoesNotReachTheDatabase() {
        String secret = sessions.begin(user);
        tables.get().jdbi().useHandle(handle -> handle.execute("RENAME TABLE browser_session TO away"));
        try {
            for (String madeUp : List.of("", ".", "x", secret.substring(1), "x" + secret, secret + "0")) {
                assertThat(sessions.find(madeUp)).as(madeUp).isEmpty();
            }
            assertThatThrownBy(() -> sessions.find(secret)).isInstanceOf(RuntimeException.class);
        } finally {
            tables.get().jdbi().useHandle(handle -> handle.execute("RENAME TABLE away TO browser_session"));
        }
    }

    @Test
    void unusedSessionEnds() {
        String secret = sessions.begin(user);

        clock.pass(Duration.ofMinutes(29));
        assertThat(sessions.find(secret)).isPresent();
        clock.pass(Duration.ofMinutes(29));
        assertThat(sessions.find(secret)).isPresent();
        clock.pass(Duration.ofMinutes(30));
        assertThat(sessions.find(secret)).isEmpty();
    }

    @Test
    void everySessionEndsAfterItsLifetime() {
        String secret = sessions.begin(user);
        for (int i = 0; i < 5; i++) {
            clock.pass(Duration.ofMinutes(20));
            assertThat(sessions.find(secret)).isPresent();
        }

        clock.pass(Duration.ofMinutes(20));

        assertThat(sessions.find(secret)).isEmpty();
    }

    @Test
    void useOnAnotherAgentCounts() {
        BrowserSessions other = agent();
        String secret = sessions.begin(user);
        assertThat(sessions.find(secret)).isPresent();

        clock.pass(Duration.ofMinutes(20));
        other.find(secret);
        other.flush();
        clock.pass(Duration.ofMinutes(20));

        assertThat(sessions.find(secret)).isPresent();
    }

    @Test
    void endedSessionIsGoneOnEveryAgent() {
        BrowserSessions other = agent();
        String secret = sessions.begin(user);
        assertThat(other.find(secret)).isPresent();

        assertThat(sessions.end(secret)).isTrue();

        assertThat(other.find(secret)).isEmpty();
        assertThat(sessions.end(secret)).isFalse();
    }

    @Test
    void allSessionsOfAPersonEndButTheOneAtHand() {
        String here = sessions.begin(user);
        String there = sessions.begin(user);
        String others =
                sessions.begin(new User("user-2", "c@d.example", "C", OrganizationRole.READER, clock.instant()));
        sessions.find(there);

        tables.get().jdbi().useTransaction(handle -> sessions.endOthers(handle, "user-1", here));
        sessions.ended("user-1");

        assertThat(sessions.find(here)).isPresent();
        assertThat(sessions.find(there)).isEmpty();
        assertThat(sessions.find(others)).isPresent();
    }

    @Test
    void endedSessionsAreForgotten() {
        sessions.begin(user);
        clock.pass(Duration.ofHours(3));

        sessions.flush();

        assertThat(tables.dump("browser_session")).isEqualTo("[]");
    }

    @Test
    void tokenBelongsToTheSession() {
        String secret = sessions.begin(user);

        assertThat(sessions.isCsrfToken(secret, sessions.csrfToken(secret))).isTrue();
        assertThat(sessions.isCsrfToken(secret, sessions.csrfToken(sessions.begin(user))))
                .isFalse();
        assertThat(sessions.isCsrfToken(secret, "")).isFalse();
    }
}
