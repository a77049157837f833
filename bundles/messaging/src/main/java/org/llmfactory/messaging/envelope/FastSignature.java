package org.llmfactory.messaging.envelope;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.identity.CertificateProfile;

/**
 * ECDSA by BouncyCastle, which is several times as fast as that of Java 17. Its provider is used here only,
 * not installed for the whole agent. It has key objects of its own, which are made once.
 */
final class FastSignature {
    private static final Provider PROVIDER = new BouncyCastleProvider();

    private @Nullable PrivateKey original;
    private @Nullable PrivateKey translated;

    byte[] sign(PrivateKey key, byte[] content) {
        try {
            Signature signature = Signature.getInstance(CertificateProfile.SIGNATURE, PROVIDER);
            signature.initSign(own(key));
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This agent's key cannot sign", e);
        }
    }

    private synchronized PrivateKey own(PrivateKey key) throws GeneralSecurityException {
        PrivateKey known = translated;
        if (known == null || key != original) {
            known = KeyFactory.getInstance("EC", PROVIDER).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
            translated = known;
            original = key;
        }
        return known;
    }

    /** Makes a key that {@link #verify} takes. */
    static PublicKey translate(PublicKey key) throws RefusedException {
        try {
            return KeyFactory.getInstance("EC", PROVIDER).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new RefusedException(Refusal.MALFORMED, "The message's certificate has no EC key", e);
        }
    }

    static boolean verify(PublicKey key, byte[] content, byte[] value) {
        try {
            Signature signature = Signature.getInstance(CertificateProfile.SIGNATURE, PROVIDER);
            signature.initVerify(key);
            signature.update(content);
            return signature.verify(value);
        } catch (SignatureException e) {
            // The bytes are no signature at all.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("BouncyCastle has ECDSA", e);
        }
    }
}
