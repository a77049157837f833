package org.llmfactory.storage.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.api.storage.DamagedObjectException;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;

/**
 * The blobs of a raw store, those of a project ({@code projects/<id>/...}) encrypted under the project's own key. To
 * delete all of a project destroys its key first.
 */
final class EncryptedObjectStore implements ObjectStore, Closeable {
    private final RawStore raw;
    private final ProjectKeys keys;
    private final Function<ObjectKey, Optional<String>> projectOf;
    private final SecureRandom random = new SecureRandom();

    EncryptedObjectStore(RawStore raw, Path master) {
        this(raw, new ProjectKeys(raw, master), ObjectKey::project);
    }

    EncryptedObjectStore(RawStore raw, ProjectKeys keys, Function<ObjectKey, Optional<String>> projectOf) {
        this.raw = raw;
        this.keys = keys;
        this.projectOf = projectOf;
    }

    @Override
    public void close() {
        raw.close();
    }

    @Override
    public StoredObject put(String key, InputStream content) throws IOException {
        ObjectKey name = name(key);
        Optional<String> project = projectOf.apply(name);
        if (project.isEmpty()) {
            return raw.put(key, content);
        }
        byte[] dataKey = keys.findOrCreate(project.get());
        byte[] header = Arrays.copyOf(ChunkCipher.MAGIC, ChunkCipher.HEADER);
        byte[] salt = new byte[ChunkCipher.SALT];
        random.nextBytes(salt);
        System.arraycopy(salt, 0, header, ChunkCipher.MAGIC.length, salt.length);
        StoredObject stored = raw.put(key, new EncryptingStream(content, cipher(dataKey, salt, name), header));
        if (!keys.find(project.get()).map(now -> Arrays.equals(now, dataKey)).orElse(false)) {
            raw.delete(key);
            throw new IOException("The project of " + key + " was deleted while the object was stored.");
        }
        return facts(stored);
    }

    @Override
    public Optional<InputStream> open(String key, long offset) throws IOException {
        ObjectKey name = name(key);
        Optional<String> project = projectOf.apply(name);
        if (project.isEmpty()) {
            return raw.open(key, offset);
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative");
        }
        long chunk = Math.min(offset / ChunkCipher.PLAIN, ChunkCipher.MAX_CHUNK);
        Optional<RawStore.Opened> found = raw.open(key, ChunkCipher.HEADER, ChunkCipher.position(chunk));
        while (found.isPresent() && chunk >= ChunkCipher.chunks(found.get().size())) {
            // Nothing lies there: the last chunk tells an offset beyond the end from a blob that was cut off.
            found.get().rest().close();
            chunk = ChunkCipher.chunks(found.get().size()) - 1;
            found = raw.open(key, ChunkCipher.HEADER, ChunkCipher.position(chunk));
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(decrypt(name, project.get(), found.get(), chunk, offset - chunk * ChunkCipher.PLAIN));
    }

    @Override
    public Optional<StoredObject> stat(String key) throws IOException {
        name(key);
        return raw.stat(key).map(this::facts);
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
        return raw.list(prefix).stream()
                .filter(object -> !reserved(ObjectKey.of(object.key())))
                .map(this::facts)
                .toList();
    }

    @Override
    public boolean delete(String key) throws IOException {
        name(key);
        return raw.delete(key);
    }

    @Override
    public int deleteAll(String prefix) throws IOException {
        keys.destroy(ObjectKey.ofPrefix(prefix));
        int deleted = 0;
        for (StoredObject object : list(prefix)) {
            deleted += raw.delete(object.key()) ? 1 : 0;
        }
        return deleted;
    }

    /** The plain bytes of what was opened at a chunk, without the first of them. */
    private InputStream decrypt(ObjectKey name, String project, RawStore.Opened sealed, long chunk, long skipped)
            throws IOException {
        try {
            byte[] header = new byte[sealed.head().remaining()];
            sealed.head().get(header);
            int magic = ChunkCipher.MAGIC.length;
            if (header.length < ChunkCipher.HEADER || !Arrays.equals(header, 0, magic, ChunkCipher.MAGIC, 0, magic)) {
                throw new DamagedObjectException(name.toString(), "its header is not one of this version", null);
            }
            byte[] dataKey = keys.find(project)
                    .orElseThrow(() -> new DamagedObjectException(name.toString(), "its project's key is gone", null));
            byte[] salt = Arrays.copyOfRange(header, magic, header.length);
            InputStream plain = new DecryptingStream(sealed.rest(), cipher(dataKey, salt, name), name, chunk);
            skip(plain, skipped);
            return plain;
        } catch (IOException | RuntimeException e) {
            sealed.rest().close();
            throw e;
        }
    }

    /** Skips so many bytes, or all that are left. */
    private static void skip(InputStream in, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            long skipped = in.skip(left);
            if (skipped <= 0) {
                return;
            }
            left -= skipped;
        }
    }

    private static ChunkCipher cipher(byte[] dataKey, byte[] salt, ObjectKey name) throws IOException {
        try {
            return new ChunkCipher(dataKey, salt, name);
        } catch (GeneralSecurityException e) {
            throw new IOException("This Java has no AES-GCM.", e);
        }
    }

    private StoredObject facts(StoredObject stored) {
        return projectOf.apply(ObjectKey.of(stored.key())).isEmpty()
                ? stored
                : new StoredObject(stored.key(), ChunkCipher.plainSize(stored.size()), stored.modified());
    }

    private static ObjectKey name(String key) {
        ObjectKey name = ObjectKey.of(key);
        if (reserved(name)) {
            throw new IllegalArgumentException("the store keeps its own keys there");
        }
        return name;
    }

    private static boolean reserved(ObjectKey key) {
        return key.segments().get(0).equals(ProjectKeys.FOLDER);
    }
}
