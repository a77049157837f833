package org.llmfactory.messaging.envelope;

import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** An agent's public key that messages for it are sealed to. */
public final class SealingKey {
    /** Bytes of an X25519 key. */
    static final int LENGTH = 32;

    private final UUID id;
    private final byte[] key;
    private final Instant until;

    /**
     * A key as its agent says it.
     *
     * @param id its name; says nothing about it
     * @param key X25519, 32 bytes
     * @param until when to ask for another one
     */
    SealingKey(UUID id, byte[] key, Instant until) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("A sealing key has " + LENGTH + " bytes");
        }
        this.id = id;
        this.key = key.clone();
        this.until = until;
    }

    public UUID id() {
        return id;
    }

    byte[] key() {
        return key.clone();
    }

    public Instant until() {
        return until;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealingKey that
                && id.equals(that.id)
                && until.equals(that.until)
                && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "sealing key " + id + " until " + until;
    }
}
