package org.llmfactory.messaging.envelope;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.llmfactory.messaging.home.NetworkFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that messages for this agent are sealed to, in {@code sealing.json}. There is a new one every hour. Others seal to
 * it for up to an hour more, and what they have sealed may be an hour on its way; then it is deleted, and nobody opens what
 * was recorded before.
 */
public final class SealingKeys {
    static final String FILE = "sealing.json";
    static final Duration CURRENT = Duration.ofHours(1);
    static final Duration SEALED_TO = Duration.ofHours(2);
    static final Duration KEPT = Duration.ofHours(3).plusMinutes(5);
    private static final Logger LOG = LoggerFactory.getLogger(SealingKeys.class);

    private final NetworkFolder folder;
    private final Clock clock;
    private final ObjectMapper mapper = new ObjectMapper();
    private final List<Pair> pairs = new ArrayList<>();

    private record Pair(SealingKey key, AsymmetricCipherKeyPair keys, Instant made) {}

    /** A key as the file has it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(UUID id, long made, byte[] privateKey, byte[] publicKey) {}

    public SealingKeys(NetworkFolder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        folder.read(FILE).ifPresent(this::load);
    }

    private void load(byte[] content) {
        try {
            for (Entry entry : mapper.readValue(content, Entry[].class)) {
                Instant made = Instant.ofEpochMilli(entry.made());
                pairs.add(new Pair(
                        new SealingKey(entry.id(), entry.publicKey(), made.plus(SEALED_TO)),
                        Sealing.keyPair(entry.privateKey(), entry.publicKey()),
                        made));
            }
        } catch (IOException | RuntimeException e) {
            // Others notice that their messages are not answered, and ask for the new key.
            LOG.warn("{} cannot be read; new keys are made", FILE, e);
            pairs.clear();
        }
    }

    /** The key that others are to seal to now. */
    public synchronized SealingKey current() {
        rotate();
        return pairs.get(pairs.size() - 1).key();
    }

    synchronized Optional<AsymmetricCipherKeyPair> find(UUID id) {
        rotate();
        return pairs.stream()
                .filter(pair -> pair.key().id().equals(id))
                .map(Pair::keys)
                .findFirst();
    }

    /** Makes a new key when it is time, deletes those whose time has passed. */
    public synchronized void rotate() {
        Instant now = clock.instant();
        boolean changed = pairs.removeIf(
                pair -> now.isAfter(pair.made().plus(KEPT)) || pair.made().isAfter(now.plus(CURRENT)));
        if (pairs.isEmpty() || now.isAfter(pairs.get(pairs.size() - 1).made().plus(CURRENT))) {
            AsymmetricCipherKeyPair keys = Sealing.newKeyPair();
            pairs.add(new Pair(
                    new SealingKey(UUID.randomUUID(), Sealing.publicKey(keys), now.plus(SEALED_TO)), keys, now));
            changed = true;
        }
        if (changed) {
            store();
        }
    }

    private void store() {
        List<Entry> entries = pairs.stream()
                .map(pair -> new Entry(
                        pair.key().id(),
                        pair.made().toEpochMilli(),
                        Sealing.privateKey(pair.keys()),
                        Sealing.publicKey(pair.keys())))
                .toList();
        try {
            folder.write(FILE, mapper.writeValueAsBytes(entries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
