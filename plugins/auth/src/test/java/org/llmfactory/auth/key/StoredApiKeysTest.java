package org.llmfactory.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKey.Kind;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.ApiKeys.Issued;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.identity.testing.ApiKeysContract;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.auth.session.BrowserSessions;
import org.llmfactory.auth.store.Configs;
import org.llmfactory.auth.store.SettableClock;
import org.llmfactory.auth.store.StubbornLedger;
import org.llmfactory.auth.store.TestTables;

final class StoredApiKeysTest extends ApiKeysContract {
    @TempDir
    private Path home;

    private final InMemoryLedger ledger = new InMemoryLedger();
    private final SettableClock clock = new SettableClock();
    private TestTables tables;
    private BrowserSessions sessions;
    private StoredApiKeys keys;

    @BeforeEach
    void open() {
        tables = new TestTables(home);
        sessions = new BrowserSessions(
                tables.get(), Configs.of(BrowserSessions.Config.class, Map.of()), Clock.systemUTC());
        keys = new StoredApiKeys(tables.get(), ledger, sessions, clock);
    }

    @Override
    protected ApiKeys keys() {
        // No two keys are made in the same millisecond.
        clock.pass(Duration.ofMillis(1));
        return keys;
    }

    @Override
    protected Optional<String> opened(String value) {
        return keys.byDigest(keys.digest(value))
                .filter(record -> record.worksAt(clock.instant()))
                .map(record -> record.key().id());
    }

    @Test
    void everyChangeIsEnteredWithItsActor() {
        String id = issue("proj_1", "user-1").key().id();
        keys.rotate(id, Duration.ofHours(1), ACTOR);
        keys.revoke(id, ACTOR);

        assertThat(ledger.types()).containsExactly("api_key.created", "api_key.rotated", "api_key.deleted");
        assertThat(ledger.events()).allSatisfy(event -> {
            assertThat(event.actor()).isEqualTo(ACTOR);
            assertThat(event.resource()).contains(id);
            assertThat(event.project()).contains("proj_1");
        });
        assertThat(ledger.events().get(0).details()).containsEntry("scopes", List.of("inference"));
    }

    @Test
    void whatChangesNothingIsNotEntered() {
        keys.revoke("key_unknown", ACTOR);
        keys.rotate("key_unknown", Duration.ZERO, ACTOR);
        keys.revokeAll("user-9", Optional.empty(), ACTOR);

        assertThat(ledger.types()).isEmpty();
    }

    @Test
    void changeThatCannotBeEnteredDoesNotHappen() {
        Issued before = issue("proj_1", "user-1");
        StoredApiKeys unlogged =
                new StoredApiKeys(tables.get(), StubbornLedger.of(ledger, () -> true), sessions, clock);
        String id = before.key().id();

        assertThatThrownBy(() -> unlogged.issue(order(Kind.USER), ACTOR)).isInstanceOf(FactoryException.class);
        assertThatThrownBy(() -> unlogged.rotate(id, Duration.ZERO, ACTOR)).isInstanceOf(FactoryException.class);
        assertThatThrownBy(() -> unlogged.revoke(id, ACTOR)).isInstanceOf(FactoryException.class);

        assertThat(keys.list(Optional.of("proj_1"))).containsExactly(before.key());
        assertThat(opened(before.value())).contains(id);
    }

    @Test
    void secretIsStoredNowhere() {
        Issued issued = issue("proj_1", "user-1");
        String secret = issued.value().substring(Kind.USER.prefix().length());

        String stored = tables.dump("api_key") + tables.dump("api_key_secret");
        assertThat(stored).contains(issued.key().id()).doesNotContain(secret);
        assertThat(ledger.events().toString()).doesNotContain(secret);
    }

    @Test
    void digestIsWorthlessWithoutThePepper(@TempDir Path other) {
        StoredApiKeys elsewhere = new StoredApiKeys(new TestTables(other).get(), ledger, sessions, clock);

        assertThat(elsewhere.digest("key")).isNotEqualTo(keys.digest("key"));
    }

    @Test
    void changesArePublished() {
        List<String> news = new ArrayList<>();
        tables.get().changes().subscribe(StoredApiKeys.TOPIC, news::add);

        String id = issue("proj_1", "user-1").key().id();
        keys.rotate(id, Duration.ZERO, ACTOR);
        keys.revoke(id, ACTOR);

        assertThat(news).containsExactly(id, id, id);
    }

    @Test
    void keyRevokedOnAnotherAgentIsForgottenHere() {
        Issued issued = issue("proj_1", "user-1");
        StoredApiKeys here = new StoredApiKeys(tables.get(), ledger, sessions, clock);
        String digest = here.digest(issued.value());
        assertThat(here.byDigest(digest)).isPresent();

        keys.revoke(issued.key().id(), ACTOR);

        assertThat(here.byDigest(digest)).isEmpty();
    }

    @Test
    void oldSecretEndsWithTheOverlap() {
        Issued issued = issue("proj_1", "user-1");
        keys.rotate(issued.key().id(), Duration.ofMinutes(10), ACTOR);

        clock.pass(Duration.ofMinutes(9));
        assertThat(opened(issued.value())).isPresent();
        clock.pass(Duration.ofMinutes(1));
        assertThat(opened(issued.value())).isEmpty();

        keys.flush();
        assertThat(tables.dump("api_key_secret")).doesNotContain(keys.digest(issued.value()));
    }

    @Test
    void lastUseIsWrittenTogetherAndSeenBefore() {
        Issued issued = issue("proj_1", "user-1");
        KeyRecord record = keys.byDigest(keys.digest(issued.value())).orElseThrow();

        keys.used(record);
        clock.pass(Duration.ofSeconds(20));
        keys.used(record);

        ApiKey seen = keys.find(issued.key().id()).orElseThrow();
        assertThat(seen.lastUsed()).contains(clock.instant().minusSeconds(20));
        StoredApiKeys restarted = new StoredApiKeys(tables.get(), ledger, sessions, clock);
        assertThat(restarted.find(issued.key().id()).orElseThrow().lastUsed()).isEmpty();
        keys.flush();
        assertThat(restarted.find(issued.key().id()).orElseThrow().lastUsed()).isEqualTo(seen.lastUsed());
    }

    @Test
    void originsAreThoseOfLivingPublishableKeys() {
        assertThat(keys.origins()).isEmpty();
        Issued issued = keys.issue(order(Kind.PUBLISHABLE), ACTOR);
        assertThat(keys.origins()).containsExactly("https://app.example");

        keys.revoke(issued.key().id(), ACTOR);

        assertThat(keys.origins()).isEmpty();
    }

    @Test
    void sessionsEndWithAllKeysOfAnOwner() {
        User user = new User("user-1", "a@b.example", "A", OrganizationRole.READER, clock.instant());
        String session = sessions.begin(user);

        keys.revokeAll("user-1", Optional.of("proj_1"), ACTOR);
        assertThat(sessions.find(session)).isPresent();
        keys.revokeAll("user-1", Optional.empty(), ACTOR);
        assertThat(sessions.find(session)).isEmpty();
    }
}
