package org.llmfactory.agent.join;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * What lets one agent into a network, once. It holds a secret that never travels, and the network's fingerprint, by which the
 * agent knows that it is not someone else who answers. Silent about itself; {@link #text} tells it.
 */
public final class JoinToken {
    private static final String PREFIX = "lf-join-";
    private static final Pattern TEXT =
            Pattern.compile(Pattern.quote(PREFIX) + "([0-9a-f]{24})\\.([0-9a-f]{64})\\.([0-9a-f]{64})");

    private final String id;
    private final byte[] secret;
    private final String network;

    /**
     * A token.
     *
     * @param id 24 lower-case hex digits
     * @param secret 32 random bytes
     * @param network SHA-256 of the root authority's public key, 64 lower-case hex digits
     */
    public JoinToken(String id, byte[] secret, String network) {
        this.id = id;
        this.secret = secret.clone();
        this.network = network;
        if (!TEXT.matcher(text()).matches()) {
            throw new IllegalArgumentException("no token can be made of this id, secret and network");
        }
    }

    /**
     * Reads a token.
     *
     * @throws FactoryException {@code INVALID_VALUE} for anything else
     */
    public static JoinToken parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "token",
                    "This is no token, or not all of it: one begins with " + PREFIX
                            + " and has two dots. Make one on the controller with: ./factory agent token");
        }
        return new JoinToken(matcher.group(1), HexFormat.of().parseHex(matcher.group(2)), matcher.group(3));
    }

    /** What the controller knows it by. */
    public String id() {
        return id;
    }

    /** What only the controller and the agent know. */
    public byte[] secret() {
        return secret.clone();
    }

    /** The network it lets into: SHA-256 of the root authority's public key, 64 lower-case hex digits. */
    public String network() {
        return network;
    }

    /** As it is handed over. */
    public String text() {
        return PREFIX + id + '.' + HexFormat.of().formatHex(secret) + '.' + network;
    }

    @Override
    public String toString() {
        return "JoinToken[" + id + "]";
    }
}
