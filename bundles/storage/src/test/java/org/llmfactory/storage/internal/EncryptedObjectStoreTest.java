package org.llmfactory.storage.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.storage.DamagedObjectException;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.api.storage.testing.ObjectStoreContract;

/** The contract with every key a project's, and what encryption adds to it. */
class EncryptedObjectStoreTest extends ObjectStoreContract {
    private static final String KEY = "projects/p1/files/a";

    @TempDir
    Path home;

    private RawStore raw;
    private EncryptedObjectStore all;
    private EncryptedObjectStore projects;

    @BeforeEach
    void open() throws IOException {
        raw = newRaw(home);
        ProjectKeys keys = new ProjectKeys(raw, home.resolve("secrets/storage.key"));
        all = new EncryptedObjectStore(raw, keys, key -> Optional.of("p"));
        projects = new EncryptedObjectStore(raw, keys, ObjectKey::project);
    }

    @AfterEach
    void close() {
        raw.close();
    }

    /** An empty store to lie above. */
    RawStore newRaw(Path home) throws IOException {
        return new FileObjectStore(home.resolve("objects"));
    }

    @Override
    protected ObjectStore store() {
        return all;
    }

    @Test
    void onlyProjectsAreEncrypted() throws IOException {
        store(KEY, "private words");
        store("adapters/a", "public words");

        assertThat(new String(bytes(KEY), UTF_8)).doesNotContain("private words");
        assertThat(new String(bytes("adapters/a"), UTF_8)).isEqualTo("public words");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("secrets/storage.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void everyAlterationIsNoticed() throws IOException {
        store(KEY, "x".repeat(3 * ChunkCipher.PLAIN));
        byte[] good = bytes(KEY);
        int second = ChunkCipher.HEADER + ChunkCipher.SEALED;
        for (int at : new int[] {0, 3, 4, ChunkCipher.HEADER, second, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            assertDamaged(KEY, bad, 0);
        }
        for (int length : new int[] {0, 3, ChunkCipher.HEADER, second, second + 5, second + ChunkCipher.SEALED}) {
            assertDamaged(KEY, Arrays.copyOf(good, length), 0);
            assertDamaged(KEY, Arrays.copyOf(good, length), 3 * ChunkCipher.PLAIN - 1);
        }
        assertDamaged(KEY, Arrays.copyOf(good, good.length + 1), 0);
        byte[] swapped = good.clone();
        System.arraycopy(good, second, swapped, ChunkCipher.HEADER, ChunkCipher.SEALED);
        System.arraycopy(good, ChunkCipher.HEADER, swapped, second, ChunkCipher.SEALED);
        assertDamaged(KEY, swapped, 0);
        assertDamaged("projects/p1/files/b", good, 0);
    }

    @Test
    void aDeletedProjectCannotBeReadFromACopy() throws IOException {
        store(KEY, "private");
        store("projects/p10/a", "kept");
        byte[] copy = bytes(KEY);

        assertThat(projects.deleteAll("projects/p1")).isEqualTo(1);

        assertDamaged(KEY, copy, 0);
        store("projects/p1/files/new", "again");
        assertDamaged(KEY, copy, 0);
        assertThat(projects.open("projects/p10/a", 0).orElseThrow().readAllBytes())
                .isEqualTo("kept".getBytes(UTF_8));
    }

    @Test
    void nothingLiesBeyondTheEnd() throws IOException {
        store(KEY, "x".repeat(ChunkCipher.PLAIN));

        for (long offset : new long[] {ChunkCipher.PLAIN, ChunkCipher.PLAIN + 1, Long.MAX_VALUE}) {
            assertThat(projects.open(KEY, offset).orElseThrow().readAllBytes()).isEmpty();
        }
    }

    @Test
    void aReadFromAnOffsetReadsItsChunkAndNotWhatComesBefore() throws IOException {
        store(KEY, "x".repeat(20 * ChunkCipher.PLAIN));
        CountingStore counting = new CountingStore(raw);
        EncryptedObjectStore counted = new EncryptedObjectStore(counting, home.resolve("secrets/storage.key"));
        try (InputStream in = counted.open(KEY, 19 * ChunkCipher.PLAIN + 7).orElseThrow()) {
            assertThat(in.readAllBytes()).hasSize(ChunkCipher.PLAIN - 7);
        }

        assertThat(counting.bytes()).isLessThan(2 * ChunkCipher.SEALED);
    }

    @Test
    void writersOfANewProjectUseOneKey() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try {
            List<Future<StoredObject>> puts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String key = "projects/new/" + i;
                puts.add(writers.submit(() -> projects.put(key, new ByteArrayInputStream(key.getBytes(UTF_8)))));
            }
            for (Future<StoredObject> put : puts) {
                put.get(30, TimeUnit.SECONDS);
            }
        } finally {
            writers.shutdownNow();
        }

        for (int i = 0; i < 8; i++) {
            String key = "projects/new/" + i;
            assertThat(projects.open(key, 0).orElseThrow().readAllBytes()).isEqualTo(key.getBytes(UTF_8));
        }
    }

    @Test
    void keysAreNeitherListedNorServed() throws IOException {
        store(KEY, "private");

        assertThat(projects.list("")).extracting(object -> object.key()).containsExactly(KEY);
        assertThatIllegalArgumentException().isThrownBy(() -> projects.open(".keys/p1", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> projects.delete(".keys/p1"));
    }

    private void store(String key, String content) throws IOException {
        projects.put(key, new ByteArrayInputStream(content.getBytes(UTF_8)));
    }

    private byte[] bytes(String key) throws IOException {
        try (var in = raw.open(key, 0).orElseThrow()) {
            return in.readAllBytes();
        }
    }

    private void assertDamaged(String key, byte[] stored, long offset) throws IOException {
        raw.put(key, new ByteArrayInputStream(stored));
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> {
                    try (var in = projects.open(key, offset).orElseThrow()) {
                        in.readAllBytes();
                    }
                })
                .withMessageContaining(key);
    }
}
