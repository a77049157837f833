package org.llmfactory.auth.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.identity.User;
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
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Browser sessions, stored by keyed hashes of their cookies. The token against forged requests is derived from the cookie, so
 * it need not be kept. Safe for use by several threads.
 */
@Component(service = BrowserSessions.class, configurationPid = "org.llmfactory.auth.sessions")
@Designate(ocd = BrowserSessions.Config.class)
public final class BrowserSessions {
    /** How long sessions last. */
    @ObjectClassDefinition(name = "LLM Factory: browser sessions")
    public @interface Config {
        @AttributeDefinition(description = "Minutes without a request after which a session ends")
        int idleMinutes() default 120;

        @AttributeDefinition(description = "Hours after which a session ends in any case")
        int lifetimeHours() default 12;
    }

    /** The change feed's topic; its keys are digests of sessions that ended, or ids of principals all of whose did. */
    static final String TOPIC = "sessions";

    private static final String PURPOSE = "session";
    private static final String CSRF_PURPOSE = "csrf";
    private static final String SEAL_PURPOSE = "session-seal";
    private static final int KEPT = 20_000;

    private final Jdbi jdbi;
    private final Pepper pepper;
    private final Seal seal;
    private final ChangeFeed changes;
    private final ChangeFeed.Subscription subscription;
    private final Duration idle;
    private final Duration lifetime;
    private final Clock clock;
    private final FreshCache<Session> inUse = new FreshCache<>(KEPT);
    private final Touches uses = new Touches();

    @Activate
    public BrowserSessions(@Reference AuthTables tables, Config config) {
        this(tables, config, Clock.systemUTC());
    }

    public BrowserSessions(AuthTables tables, Config config, Clock clock) {
        this.jdbi = tables.jdbi();
        this.pepper = tables.pepper();
        this.seal = new Seal(pepper, SEAL_PURPOSE);
        this.changes = tables.changes();
        this.idle = Duration.ofMinutes(config.idleMinutes());
        this.lifetime = Duration.ofHours(config.lifetimeHours());
        this.clock = clock;
        this.subscription = changes.subscribe(TOPIC, this::changed);
    }

    @Deactivate
    void deactivate() {
        subscription.close();
        flush();
    }

    private void changed(String name) {
        inUse.forget(session -> name.equals(ChangeFeed.EVERYTHING)
                || session.digest().equals(name)
                || session.principal().equals(name));
    }

    /**
     * Begins a session, always under a new secret.
     *
     * @return the secret, which goes into the cookie and is stored nowhere
     */
    public String begin(User user) {
        String secret = seal.put(Secrets.secret());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Session session = new Session(digest(secret), user.id(), user.role(), now, now.plus(lifetime));
        jdbi.useHandle(handle -> SessionTable.insert(handle, session, now));
        return secret;
    }

    /** The session of a cookie; empty when it has ended or never was. Counts as a use. */
    public Optional<Session> find(String secret) {
        if (!seal.isOn(secret)) {
            return Optional.empty();
        }
        String digest = digest(secret);
        Instant now = clock.instant();
        Optional<Session> found = load(digest).filter(session -> now.isBefore(session.ends()));
        if (found.isPresent() && isIdle(found.get(), now)) {
            // Another agent may have seen it meanwhile.
            inUse.forget(session -> session.digest().equals(digest));
            found = load(digest).filter(session -> !isIdle(session, now));
        }
        found.ifPresent(session -> uses.touch(digest, now));
        return found;
    }

    private Optional<Session> load(String digest) {
        return inUse.get(digest, name -> jdbi.withHandle(handle -> SessionTable.find(handle, name)));
    }

    private boolean isIdle(Session session, Instant now) {
        Instant seen =
                uses.last(session.digest()).filter(session.seen()::isBefore).orElse(session.seen());
        return !now.isBefore(seen.plus(idle));
    }

    /** The token that changing requests of this session bring. */
    public String csrfToken(String secret) {
        return pepper.digest(CSRF_PURPOSE, secret);
    }

    /** Whether a request brought the session's token. */
    public boolean isCsrfToken(String secret, String token) {
        return MessageDigest.isEqual(csrfToken(secret).getBytes(UTF_8), token.getBytes(UTF_8));
    }

    /** Ends a session; false when there was none. */
    public boolean end(String secret) {
        return endDigest(digest(secret));
    }

    /** Ends a session that has been found. */
    public boolean end(Session session) {
        return endDigest(session.digest());
    }

    private boolean endDigest(String digest) {
        boolean was = jdbi.withHandle(handle -> SessionTable.delete(handle, digest));
        changes.publish(TOPIC, digest);
        return was;
    }

    /** Ends all sessions of a principal. */
    public void endAll(String principal) {
        jdbi.useHandle(handle -> SessionTable.deleteAll(handle, principal, ""));
        ended(principal);
    }

    /** Ends all sessions of a principal but the one with this secret, in the caller's transaction; {@link #ended} follows. */
    public void endOthers(Handle handle, String principal, String secret) {
        SessionTable.deleteAll(handle, principal, digest(secret));
    }

    /** Tells that sessions of a principal have ended, after the commit. */
    public void ended(String principal) {
        changes.publish(TOPIC, principal);
    }

    /** Writes down which sessions were used, and forgets those that have ended. */
    public void flush() {
        Instant now = clock.instant();
        jdbi.useHandle(handle -> {
            uses.flush((digest, time) -> SessionTable.seen(handle, digest, time));
            SessionTable.deleteOld(handle, now, now.minus(idle));
        });
    }

    private String digest(String secret) {
        return pepper.digest(PURPOSE, secret);
    }
}
