package org.llmfactory.dataplane.frame;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), for outputs of one block. */
final class Hkdf {
    static final int LENGTH = 32;

    private static final byte FIRST_BLOCK = 1;

    private Hkdf() {}

    static byte[] extract(byte[] salt, byte[]... material) {
        return mac(salt, material);
    }

    static byte[] expand(byte[] secret, byte[] info) {
        return mac(secret, info, new byte[] {FIRST_BLOCK});
    }

    static byte[] expand(byte[] secret, String info) {
        return expand(secret, info.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] mac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }
}
