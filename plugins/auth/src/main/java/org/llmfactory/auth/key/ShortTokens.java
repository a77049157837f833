package org.llmfactory.auth.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.auth.store.AuthTables;
import org.llmfactory.auth.store.Pepper;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Short tokens that pages get for a publishable key: signed by the platform and stored nowhere. A token names its key, the one
 * origin it is for and its end, in hexadecimal digits. Safe for use by several threads.
 */
@Component(service = ShortTokens.class)
public final class ShortTokens {
    /** What every short token begins with. */
    public static final String PREFIX = "tk-";

    /** How long one works. */
    public static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final String PURPOSE = "short-token";

    private final Pepper pepper;
    private final Clock clock;

    /**
     * What a token says.
     *
     * @param key id of the publishable key
     * @param origin the origin it is for
     * @param ends when it ends
     */
    public record Claims(String key, String origin, Instant ends) {
        public Claims {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(ends, "ends");
        }
    }

    @Activate
    public ShortTokens(@Reference AuthTables tables) {
        this(tables.pepper(), Clock.systemUTC());
    }

    ShortTokens(Pepper pepper, Clock clock) {
        this.pepper = pepper;
        this.clock = clock;
    }

    /** A token for a key and an origin. */
    public String issue(String key, String origin) {
        String claims = key + " " + clock.instant().plus(LIFETIME).getEpochSecond() + " " + origin;
        String body = HexFormat.of().formatHex(claims.getBytes(UTF_8));
        return PREFIX + body + "." + signature(body);
    }

    /** What a token says, if it is one of ours and has not ended. */
    public Optional<Claims> verify(String token) {
        int dot = token.indexOf('.');
        if (!token.startsWith(PREFIX) || dot < 0) {
            return Optional.empty();
        }
        String body = token.substring(PREFIX.length(), dot);
        byte[] signature = token.substring(dot + 1).getBytes(UTF_8);
        if (!MessageDigest.isEqual(signature(body).getBytes(UTF_8), signature)) {
            return Optional.empty();
        }
        String[] claims = new String(HexFormat.of().parseHex(body), UTF_8).split(" ", 3);
        return Optional.of(new Claims(claims[0], claims[2], Instant.ofEpochSecond(Long.parseLong(claims[1]))))
                .filter(verified -> clock.instant().isBefore(verified.ends()));
    }

    private String signature(String body) {
        return pepper.digest(PURPOSE, body);
    }
}
