package org.llmfactory.dataplane.frame;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/** AES-256-GCM over a frame whose first bytes stay in clear. */
final class Gcm {
    static final int NONCE = 12;
    static final int TAG = 16;

    private static final ThreadLocal<Cipher> CIPHERS = ThreadLocal.withInitial(Gcm::create);

    private Gcm() {}

    /** Seals content behind the clear part of a frame, which has room for it and the tag. */
    static void seal(SecretKey key, byte[] nonce, byte[] frame, int clear, byte[] content) {
        try {
            Cipher cipher = CIPHERS.get();
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG * 8, nonce));
            cipher.updateAAD(frame, 0, clear);
            cipher.doFinal(content, 0, content.length, frame, clear);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform seals with AES-GCM", e);
        }
    }

    /** What is sealed in a frame; null when it was not sealed with this key, nonce and clear part. */
    static byte @Nullable [] open(SecretKey key, byte[] nonce, byte[] frame, int clear) {
        if (frame.length < clear + TAG) {
            return null;
        }
        try {
            Cipher cipher = CIPHERS.get();
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG * 8, nonce));
            cipher.updateAAD(frame, 0, clear);
            return cipher.doFinal(frame, clear, frame.length - clear);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform opens AES-GCM", e);
        }
    }

    private static Cipher create() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES-GCM", e);
        }
    }
}
