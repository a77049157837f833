package org.llmfactory.messaging.envelope;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/**
 * Seals bytes to a key: HPKE (RFC 9180) in base mode with X25519, HKDF-SHA256 and AES-256-GCM. A key pair of its own for each
 * message, so that none of the sender's keys opens it.
 */
final class Sealing {
    private static final byte[] PURPOSE = "llmfactory sealed message 1".getBytes(StandardCharsets.US_ASCII);
    private static final int ENCAPSULATION = 32;

    private Sealing() {}

    static AsymmetricCipherKeyPair newKeyPair() {
        return hpke().generatePrivateKey();
    }

    static byte[] publicKey(AsymmetricCipherKeyPair keys) {
        return hpke().serializePublicKey(keys.getPublic());
    }

    static byte[] privateKey(AsymmetricCipherKeyPair keys) {
        return hpke().serializePrivateKey(keys.getPrivate());
    }

    static AsymmetricCipherKeyPair keyPair(byte[] privateKey, byte[] publicKey) {
        return hpke().deserializePrivateKey(privateKey, publicKey);
    }

    /**
     * Seals.
     *
     * @param header goes in the clear, and does not go unnoticed when it is changed
     * @return the encapsulated key, then the ciphertext
     */
    static byte[] seal(SealingKey key, byte[] header, byte[] content) {
        try {
            HPKE hpke = hpke();
            HPKEContextWithEncapsulation context = hpke.setupBaseS(hpke.deserializePublicKey(key.key()), PURPOSE);
            return new BinaryWriter()
                    .exactly(context.getEncapsulation())
                    .exactly(context.seal(header, content))
                    .bytes();
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("The message cannot be sealed", e);
        }
    }

    static byte[] open(AsymmetricCipherKeyPair keys, byte[] header, byte[] sealed) throws RefusedException {
        BoundedReader in = new BoundedReader(sealed);
        byte[] encapsulation = in.exactly(ENCAPSULATION);
        byte[] ciphertext = in.rest();
        try {
            return hpke().setupBaseR(encapsulation, keys, PURPOSE).open(header, ciphertext);
        } catch (InvalidCipherTextException e) {
            throw notOpened(e);
        } catch (RuntimeException e) {
            // The library throws several kinds of them for keys that are none.
            throw notOpened(e);
        }
    }

    private static RefusedException notOpened(Exception cause) {
        return new RefusedException(
                Refusal.NOT_OPENED, "The message was altered on its way, or sealed for somebody else", cause);
    }

    /** Not safe for several threads, but cheap. */
    private static HPKE hpke() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }
}
