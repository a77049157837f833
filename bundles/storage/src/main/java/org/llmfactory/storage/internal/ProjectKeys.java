package org.llmfactory.storage.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.llmfactory.api.storage.DamagedObjectException;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.database.SecretFile;

/**
 * One data key for each project, kept in the raw store as {@code .keys/<project>}, wrapped with the master key. Never
 * cached: a key that is destroyed is gone for all who ask after it. Safe for use by several threads.
 */
final class ProjectKeys {
    /** Where wrapped keys lie in the raw store. */
    static final String FOLDER = ".keys";

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;

    private final RawStore raw;
    private final Path master;
    private final SecureRandom random = new SecureRandom();

    /**
     * Makes nothing yet.
     *
     * @param master the file of the master key, made at first use
     */
    ProjectKeys(RawStore raw, Path master) {
        this.raw = raw;
        this.master = master;
    }

    /** The key of a project; empty when it has none. */
    Optional<byte[]> find(String project) throws IOException {
        String name = FOLDER + "/" + project;
        Optional<InputStream> wrapped = raw.open(name, 0);
        if (wrapped.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = wrapped.get()) {
            byte[] bytes = in.readNBytes(NONCE_BYTES + KEY_BYTES + 17);
            if (bytes.length != NONCE_BYTES + KEY_BYTES + 16) {
                throw new DamagedObjectException(name, "a wrapped key has another length", null);
            }
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, ByteBuffer.wrap(bytes, 0, NONCE_BYTES), name);
            return Optional.of(cipher.doFinal(bytes, NONCE_BYTES, KEY_BYTES + 16));
        } catch (GeneralSecurityException e) {
            throw new DamagedObjectException(name, "the master key does not open it", e);
        }
    }

    /** The key of a project, which is made and kept when it has none. All who ask at once get the same. */
    byte[] findOrCreate(String project) throws IOException {
        Optional<byte[]> known = find(project);
        return known.isPresent() ? known.get() : create(project);
    }

    /** One at a time, for servers that look before they store and so keep no promise to several at once. */
    private synchronized byte[] create(String project) throws IOException {
        Optional<byte[]> known = find(project);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] key = new byte[KEY_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(key);
        random.nextBytes(nonce);
        String name = FOLDER + "/" + project;
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, ByteBuffer.wrap(nonce), name).doFinal(key);
            byte[] wrapped = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            if (raw.putIfAbsent(name, wrapped)) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("The key of project " + project + " cannot be wrapped.", e);
        }
        return find(project)
                .orElseThrow(() -> new IOException("The key of project " + project + " was destroyed meanwhile."));
    }

    /** Destroys the keys of the projects that lie wholly below a prefix. */
    void destroy(ObjectKey prefix) throws IOException {
        for (StoredObject key : raw.list(FOLDER)) {
            String folder = "projects" + key.key().substring(FOLDER.length());
            if (prefix.segments().isEmpty() || (folder + "/").startsWith(prefix + "/")) {
                raw.delete(key.key());
            }
        }
    }

    private Cipher cipher(int mode, ByteBuffer nonce, String name) throws GeneralSecurityException, IOException {
        byte[] iv = new byte[NONCE_BYTES];
        nonce.get(iv);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            SecretKeySpec key = new SecretKeySpec(SecretFile.readOrCreate(master, KEY_BYTES), "AES");
            cipher.init(mode, key, new GCMParameterSpec(128, iv));
            cipher.updateAAD(name.getBytes(UTF_8));
            return cipher;
        } catch (UncheckedIOException e) {
            throw new IOException("The master key of the object store cannot be used.", e);
        }
    }
}
