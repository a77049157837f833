package org.llmfactory.auth.key;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.Credentials;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Finds the key that a request came with. A key in use is found in memory, and one that was made up is known by its seal; for any
 * other the database is asked, by its keyed hash, so that guessing costs the database nothing, and a good key is never refused for
 * what others send from the same address.
 */
@Component(service = KeyLookup.class)
public final class KeyLookup {
    private static final int GONE = 10_000;
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final StoredApiKeys keys;
    private final ShortTokens tokens;

    /** Digests of keys that were revoked or have ended: the same one does not come back. */
    private final Cache<String, Boolean> gone =
            Caffeine.newBuilder().maximumSize(GONE).expireAfterWrite(REMEMBERED).build();

    @Activate
    public KeyLookup(@Reference StoredApiKeys keys, @Reference ShortTokens tokens) {
        this.keys = keys;
        this.tokens = tokens;
    }

    /**
     * The key that a request came with, or that its short token was made from. Whether it works at present, and from where, is
     * not looked at.
     */
    public Optional<KeyRecord> find(String key, Credentials credentials) {
        if (key.startsWith(ShortTokens.PREFIX)) {
            return ofToken(key, credentials);
        }
        // Anyone can read a publishable key, so it opens nothing by itself.
        return byValue(key).filter(record -> record.key().kind() != ApiKey.Kind.PUBLISHABLE);
    }

    /** A publishable key, for a page of one of its origins. */
    public Optional<KeyRecord> publishable(String key, String origin) {
        return byValue(Credentials.folded(key)).filter(record -> isFor(record, origin));
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

    private Optional<KeyRecord> byValue(String value) {
        if (!keys.isSealed(value)) {
            return Optional.empty();
        }
        String digest = keys.digest(value);
        if (gone.getIfPresent(digest) != null) {
            return Optional.empty();
        }
        Optional<KeyRecord> found = keys.byDigest(digest);
        if (found.isEmpty()) {
            gone.put(digest, true);
        }
        return found;
    }

    /** Notes that a key was used. */
    public void used(KeyRecord record) {
        keys.used(record);
    }
}
