package org.llmfactory.auth.password;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.llmfactory.auth.store.Secrets;

/** A password's Argon2id hash with what it takes to compute it again, written as a PHC string. */
final class Argon2Hash {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,8}),t=(\\d{1,4}),p=(\\d{1,3})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    /**
     * What computing a hash costs.
     *
     * @param memoryKib kibibytes of memory
     * @param passes over that memory
     * @param lanes independent parts of it
     */
    record Cost(int memoryKib, int passes, int lanes) {}

    private final Cost cost;
    private final byte[] salt;
    private final byte[] hash;

    private Argon2Hash(Cost cost, byte[] salt, byte[] hash) {
        this.cost = cost;
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes a password under a new salt. */
    static Argon2Hash of(String password, Cost cost) {
        byte[] salt = Secrets.bytes(SALT_BYTES);
        return new Argon2Hash(cost, salt, compute(password, cost, salt));
    }

    /** @throws IllegalArgumentException for a text that is no hash of this kind */
    static Argon2Hash parse(String phc) {
        Matcher matcher = PHC.matcher(phc);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no Argon2id hash");
        }
        Cost cost = new Cost(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
        Base64.Decoder decoder = Base64.getDecoder();
        return new Argon2Hash(cost, decoder.decode(matcher.group(4)), decoder.decode(matcher.group(5)));
    }

    Cost cost() {
        return cost;
    }

    /** Whether a password is the one; computes its hash. */
    boolean matches(String password) {
        return MessageDigest.isEqual(hash, compute(password, cost, salt));
    }

    /** As a PHC string. */
    String format() {
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.passes() + ",p=" + cost.lanes() + "$"
                + encoder.encodeToString(salt) + "$" + encoder.encodeToString(hash);
    }

    private static byte[] compute(String password, Cost cost, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        generator.generateBytes(password.getBytes(UTF_8), hash);
        return hash;
    }

    /** Tells nothing of the hash. */
    @Override
    public String toString() {
        return "Argon2Hash[" + cost + "]";
    }
}
