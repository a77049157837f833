package org.llmfactory.dataplane.frame;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key of one direction, and the secret that the next one is made from. The former ones cannot be made from it. */
final class Epoch {
    private final int number;
    private final byte[] secret;
    private final SecretKey key;

    Epoch(int number, byte[] secret) {
        this.number = number;
        this.secret = secret;
        this.key = new SecretKeySpec(Hkdf.expand(secret, "key"), "AES");
    }

    int number() {
        return number;
    }

    SecretKey key() {
        return key;
    }

    Epoch next() {
        return new Epoch(number + 1, Hkdf.expand(secret, "next"));
    }
}
