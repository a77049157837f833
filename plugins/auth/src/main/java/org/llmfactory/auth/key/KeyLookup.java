package org.llmfactory.auth.key;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.Credentials;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Finds the key that a request came with. A key in use is found in memory; for any other the database is asked once, by its
 * keyed hash, and an address that sends many wrong ones has to wait.
 */
@Component(service = KeyLookup.class)
public final class KeyLookup {
    private static final int WRONG_KEYS = 60;
    private static final Duration ONE_MORE = Duration.ofSeconds(1);

    private final StoredApiKeys keys;
    private final ShortTokens tokens;
    private final Allowance wrongKeys;

    @Activate
    public KeyLookup(@Reference StoredApiKeys keys, @Reference ShortTokens tokens) {
        this(keys, tokens, Clock.systemUTC());
    }

    KeyLookup(StoredApiKeys keys, ShortTokens tokens, Clock clock) {
        this.keys = keys;
        this.tokens = tokens;
        this.wrongKeys = new Allowance(WRONG_KEYS, ONE_MORE, clock);
    }

    /**
     * The key that a request came with, or that its short token was made from. Whether it works at present, and from where, is
     * not looked at.
     *
     * @throws FactoryException {@code RATE_LIMITED} for a key that is not in use, from an address that sent too many wrong
     *     ones
     */
    public Optional<KeyRecord> find(String key, Credentials credentials) {
        if (key.startsWith(ShortTokens.PREFIX)) {
            return ofToken(key, credentials);
        }
        // Anyone can read a publishable key, so it opens nothing by itself.
        return byValue(key, credentials.address()).filter(record -> record.key().kind() != ApiKey.Kind.PUBLISHABLE);
    }

    /** A publishable key, for a page of one of its origins. */
    public Optional<KeyRecord> publishable(String key, String origin, String address) {
        return byValue(Credentials.folded(key), address).filter(record -> isFor(record, origin));
    }

    private Optional<KeyRecord> ofToken(String token, Credentials credentials) {
        return tokens.verify(token)
                .filter(claims -> credentials.origin().equals(Optional.of(claims.origin())))
                .flatMap(claims -> keys.byId(claims.key()).filter(record -> isFor(record, claims.origin())));
    }

    private static boolean isFor(KeyRecord record, String origin) {
        return record.key().kind() == ApiKey.Kind.PUBLISHABLE
                && record.key().scope().origins().contains(origin);
    }

    private Optional<KeyRecord> byValue(String value, String address) {
        String digest = keys.digest(value);
        Optional<KeyRecord> inUse = keys.inMemory(digest);
        if (inUse.isPresent()) {
            return inUse;
        }
        Duration wait = wrongKeys.wait(address);
        if (!wait.isZero()) {
            throw FactoryException.retryLater(
                    ErrorCode.RATE_LIMITED, wait, "Too many wrong API keys came from your address; wait a moment.");
        }
        Optional<KeyRecord> found = keys.byDigest(digest);
        if (found.isEmpty()) {
            wrongKeys.spend(address);
        }
        return found;
    }

    /** Notes that a key was used. */
    public void used(KeyRecord record) {
        keys.used(record);
    }
}
