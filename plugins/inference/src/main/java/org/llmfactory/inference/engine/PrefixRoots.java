package org.llmfactory.inference.engine;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.llmfactory.api.inference.AdapterWeight;

/**
 * Where the chains of prefix keys begin: model, tenant, adapters and rotary factors, each typed and length-prefixed. Two
 * requests share cached keys and values only when all four are the same. The tenant enters as a keyed hash under a
 * secret of this process, so that no one outside can make a key that hits another tenant's prefix.
 */
final class PrefixRoots {
    private static final SecretKeySpec SECRET = new SecretKeySpec(randomBytes(), "HmacSHA256");

    private final String modelDigest;

    PrefixRoots(String modelDigest) {
        this.modelDigest = modelDigest;
    }

    PrefixKey of(String tenant, AdapterMix mix, boolean longContext) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, "model", text(modelDigest));
            write(out, "tenant", salt(tenant));
            for (AdapterWeight part : mix.parts()) {
                write(out, "adapter", text(part.digest()));
                out.writeInt(Float.floatToIntBits(part.weight()));
            }
            write(out, "long-context", new byte[] {(byte) (longContext ? 1 : 0)});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return PrefixKey.ofHash(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, String type, byte[] value) throws IOException {
        byte[] name = text(type);
        out.writeInt(name.length);
        out.write(name);
        out.writeInt(value.length);
        out.write(value);
    }

    private static byte[] salt(String tenant) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(SECRET);
            return mac.doFinal(text(tenant));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
