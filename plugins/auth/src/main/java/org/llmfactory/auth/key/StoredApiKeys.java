package org.llmfactory.auth.key;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.auth.session.BrowserSessions;
import org.llmfactory.auth.store.AuthTables;
import org.llmfactory.auth.store.FreshCache;
import org.llmfactory.auth.store.Pepper;
import org.llmfactory.auth.store.Seal;
import org.llmfactory.auth.store.Secrets;
import org.llmfactory.auth.store.Touches;
import org.llmfactory.database.ChangeFeed;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Keys in the database, by keyed hashes of their secrets. Keys in use are kept in memory, so that a request costs no access
 * to the database; every change is pushed.
 */
@Component(service = {ApiKeys.class, StoredApiKeys.class})
public final class StoredApiKeys implements ApiKeys {
    /** The change feed's topic; its keys are ids of API keys. */
    public static final String TOPIC = "api_keys";

    private static final String PURPOSE = "api-key";
    private static final String SEAL_PURPOSE = "api-key-seal";
    private static final int KEPT = 20_000;

    private final Jdbi jdbi;
    private final Pepper pepper;
    private final Seal seal;
    private final ChangeFeed changes;
    private final ChangeFeed.Subscription subscription;
    private final Ledger ledger;
    private final BrowserSessions sessions;
    private final Clock clock;
    private final FreshCache<KeyRecord> inUse = new FreshCache<>(KEPT);
    private final FreshCache<Set<String>> origins = new FreshCache<>(1);
    private final Touches uses = new Touches();

    @Activate
    public StoredApiKeys(@Reference AuthTables tables, @Reference Ledger ledger, @Reference BrowserSessions sessions) {
        this(tables, ledger, sessions, Clock.systemUTC());
    }

    StoredApiKeys(AuthTables tables, Ledger ledger, BrowserSessions sessions, Clock clock) {
        this.jdbi = tables.jdbi();
        this.pepper = tables.pepper();
        this.seal = new Seal(pepper, SEAL_PURPOSE);
        this.changes = tables.changes();
        this.ledger = ledger;
        this.sessions = sessions;
        this.clock = clock;
        this.subscription = changes.subscribe(TOPIC, this::changed);
    }

    @Deactivate
    void deactivate() {
        subscription.close();
        flush();
    }

    private void changed(String id) {
        inUse.forget(
                record -> id.equals(ChangeFeed.EVERYTHING) || record.key().id().equals(id));
        origins.forget(any -> true);
    }

    @Override
    public Issued issue(Order order, Actor actor) {
        Instant now = now();
        KeyRules.check(order, now);
        String secret = seal.put(order.kind().prefix() + Secrets.secret());
        ApiKey key = new ApiKey(
                Secrets.id("key_"),
                order.kind(),
                order.name(),
                redacted(order.kind(), secret),
                order.owner(),
                order.project(),
                order.scope(),
                now,
                order.expires().map(end -> end.truncatedTo(ChronoUnit.MILLIS)),
                Optional.empty());
        jdbi.useTransaction(handle -> {
            KeyTable.insert(handle, key);
            KeyTable.addSecret(handle, key.id(), digest(secret));
            ledger.record(KeyEvents.of("api_key.created", key, actor));
        });
        changes.publish(TOPIC, key.id());
        return new Issued(key, secret);
    }

    @Override
    public Optional<ApiKey> find(String id) {
        return jdbi.withHandle(handle -> KeyTable.find(handle, id)).map(this::withLastUse);
    }

    @Override
    public List<ApiKey> list(Optional<String> project) {
        return jdbi
                .withHandle(handle ->
                        project.isPresent() ? KeyTable.ofProject(handle, project.get()) : KeyTable.ofNoProject(handle))
                .stream()
                .map(this::withLastUse)
                .toList();
    }

    @Override
    public Optional<Issued> rotate(String id, Duration overlap, Actor actor) {
        KeyRules.checkOverlap(overlap);
        Optional<Issued> rotated = jdbi.inTransaction(
                handle -> KeyTable.find(handle, id).flatMap(key -> rotate(handle, key, overlap, actor)));
        rotated.ifPresent(issued -> changes.publish(TOPIC, id));
        return rotated;
    }

    private Optional<Issued> rotate(Handle handle, ApiKey key, Duration overlap, Actor actor) {
        String secret = seal.put(key.kind().prefix() + Secrets.secret());
        String redacted = redacted(key.kind(), secret);
        if (!KeyTable.endSecrets(handle, key.id(), now().plus(overlap), redacted)) {
            return Optional.empty();
        }
        KeyTable.addSecret(handle, key.id(), digest(secret));
        ledger.record(KeyEvents.of("api_key.rotated", key, actor)
                .with(Map.of("name", key.name(), "overlap_seconds", overlap.toSeconds())));
        return KeyTable.find(handle, key.id()).map(renewed -> new Issued(renewed, secret));
    }

    @Override
    public boolean revoke(String id, Actor actor) {
        return revokeThose(handle -> KeyTable.find(handle, id).stream().toList(), actor) > 0;
    }

    @Override
    public void revokeAll(String owner, Optional<String> project, Actor actor) {
        Predicate<ApiKey> there = key -> project.isEmpty() || key.project().equals(project);
        revokeThose(
                handle -> KeyTable.ofOwner(handle, owner).stream().filter(there).toList(), actor);
        if (project.isEmpty()) {
            sessions.endAll(owner);
        }
    }

    @Override
    public void revokeProject(String project, Actor actor) {
        revokeThose(handle -> KeyTable.ofProject(handle, project), actor);
    }

    private int revokeThose(Function<Handle, List<ApiKey>> which, Actor actor) {
        List<ApiKey> revoked = jdbi.inTransaction(handle -> {
            List<ApiKey> deleted = which.apply(handle).stream()
                    .filter(key -> KeyTable.delete(handle, key.id()))
                    .toList();
            deleted.forEach(key -> ledger.record(KeyEvents.of("api_key.deleted", key, actor)));
            return deleted;
        });
        revoked.forEach(key -> changes.publish(TOPIC, key.id()));
        return revoked.size();
    }

    /** The name that a secret is known by here. */
    public String digest(String secret) {
        return pepper.digest(PURPOSE, secret);
    }

    /** Whether a secret was made here once, found out without a look at the database; not whether it works. */
    public boolean isSealed(String secret) {
        return seal.isOn(secret);
    }

    /** The key that a digest belongs to, wherever it is; it may have ended. */
    public Optional<KeyRecord> byDigest(String digest) {
        return inUse.get(digest, name -> jdbi.withHandle(handle -> KeyTable.bySecret(handle, name)));
    }

    /** A key by its id, for what was made from it. */
    public Optional<KeyRecord> byId(String id) {
        return inUse.get(
                id,
                name -> jdbi.withHandle(handle -> KeyTable.find(handle, name))
                        .map(key -> KeyRecord.of(key, Optional.empty())));
    }

    /** All origins that publishable keys work from. */
    public Set<String> origins() {
        return origins.get(
                        "all",
                        any -> Optional.of(
                                jdbi.withHandle(handle -> KeyTable.ofKind(handle, ApiKey.Kind.PUBLISHABLE)).stream()
                                        .filter(key -> key.expires()
                                                .map(now()::isBefore)
                                                .orElse(true))
                                        .flatMap(key -> key.scope().origins().stream())
                                        .collect(Collectors.toUnmodifiableSet())))
                .orElse(Set.of());
    }

    /** Notes that a key was used. */
    public void used(KeyRecord record) {
        uses.touch(record.key().id(), clock.instant());
    }

    /** Writes down which keys were used, and forgets secrets that have ended. */
    public void flush() {
        jdbi.useHandle(handle -> {
            uses.flush((id, time) -> KeyTable.used(handle, id, time));
            KeyTable.purge(handle, now());
        });
    }

    private ApiKey withLastUse(ApiKey key) {
        return uses.last(key.id()).map(key::usedAt).orElse(key);
    }

    /** Milliseconds, as the database has them. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static String redacted(ApiKey.Kind kind, String secret) {
        return kind.prefix() + "..." + secret.substring(secret.length() - 4);
    }
}
