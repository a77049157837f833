package org.llmfactory.storage.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends RawStoreContract {
    @TempDir
    Path folder;

    private FileObjectStore store;

    @BeforeEach
    void open() throws IOException {
        store = new FileObjectStore(folder);
    }

    @Override
    protected RawStore store() {
        return store;
    }

    @Test
    void blobsAreThereAfterARestart() throws IOException {
        put("a/b", "kept");

        store = new FileObjectStore(folder);

        assertThat(read("a/b", 0)).isEqualTo("kept");
    }

    @Test
    void whatAKilledProcessLeftHalfWrittenIsRemoved() throws IOException {
        Path half = Files.createDirectories(folder.resolve("@incoming")).resolve("12345@");
        Files.writeString(half, "half of a bl");

        store = new FileObjectStore(folder);

        assertThat(half).doesNotExist();
        assertThat(store.list("")).isEmpty();
    }

    @Test
    void aLinkOutOfTheStoreIsNotFollowed(@TempDir Path outside) throws IOException {
        Path secret = Files.writeString(outside.resolve("secret@"), "secret");
        Files.createDirectories(folder.resolve("a"));
        Files.createSymbolicLink(folder.resolve("a/secret@"), secret);

        assertThat(store.list("a")).isEmpty();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> store.open("a/secret", 0)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void ofManyWhoStoreIfAbsentOneDoes() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> puts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte[] content = {(byte) ('0' + i)};
                puts.add(writers.submit(() -> store.putIfAbsent("a/k", content)));
            }
            List<String> winners = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                if (puts.get(i).get(30, TimeUnit.SECONDS)) {
                    winners.add(String.valueOf(i));
                }
            }
            assertThat(winners).containsExactly(read("a/k", 0));
        } finally {
            writers.shutdownNow();
        }
    }
}
