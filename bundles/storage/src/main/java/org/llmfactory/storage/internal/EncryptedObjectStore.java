package org.llmfactory.storage.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.storage.DamagedObjectException;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The blobs of a raw store, those of a project ({@code projects/<id>/...}) encrypted under the project's own key. To
 * delete all of a project destroys its key first.
 */
@Component
public final class EncryptedObjectStore implements ObjectStore {
    private final ObjectStore raw;
    private final ProjectKeys keys;
    private final Function<ObjectKey, Optional<String>> projectOf;
    private final SecureRandom random = new SecureRandom();

    @Activate
    public EncryptedObjectStore(@Reference Home home) throws IOException {
        this(new FileObjectStore(home.objects()), home.secrets().resolve("storage.key"));
    }

    private EncryptedObjectStore(ObjectStore raw, Path master) {
        this(raw, new ProjectKeys(raw, master), ObjectKey::project);
    }

    EncryptedObjectStore(ObjectStore raw, ProjectKeys keys, Function<ObjectKey, Optional<String>> projectOf) {
        this.raw = raw;
        this.keys = keys;
        this.projectOf = projectOf;
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
        Optional<DecryptingStream> found = decrypt(name, project.get(), offset / ChunkCipher.PLAIN);
        long rest = offset % ChunkCipher.PLAIN;
        if (found.isPresent() && found.get().sourceWasEmpty() && offset > 0) {
            // Nothing lies there: read all of it, to tell an offset beyond the end from a blob that was cut off.
            found.get().close();
            found = decrypt(name, project.get(), 0);
            rest = offset;
        }
        if (found.isPresent()) {
            try {
                skip(found.get(), rest);
            } catch (IOException e) {
                found.get().close();
                throw e;
            }
        }
        return found.map(Function.identity());
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

    private Optional<DecryptingStream> decrypt(ObjectKey name, String project, long chunk) throws IOException {
        Optional<InputStream> found = raw.open(name.toString(), 0);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        InputStream in = found.get();
        try {
            byte[] header = in.readNBytes(ChunkCipher.HEADER);
            int magic = ChunkCipher.MAGIC.length;
            if (header.length < ChunkCipher.HEADER || !Arrays.equals(header, 0, magic, ChunkCipher.MAGIC, 0, magic)) {
                throw new DamagedObjectException(name.toString(), "its header is not one of this version", null);
            }
            byte[] dataKey = keys.find(project)
                    .orElseThrow(() -> new DamagedObjectException(name.toString(), "its project's key is gone", null));
            long end = Long.MAX_VALUE;
            skip(in, chunk > end / ChunkCipher.SEALED ? end : chunk * ChunkCipher.SEALED);
            byte[] salt = Arrays.copyOfRange(header, magic, header.length);
            return Optional.of(new DecryptingStream(in, cipher(dataKey, salt, name), name, chunk));
        } catch (IOException | RuntimeException e) {
            in.close();
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
