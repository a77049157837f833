package org.llmfactory.storage.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.storage.testing.S3Server;

/** The contract over a real server, and what only a server that is a network away asks for. */
class S3ObjectStoreTest extends RawStoreContract {
    private static final int PART = 5 * 1024 * 1024;

    @TempDir
    static Path folder;

    private static S3Server server;

    private final String prefix = UUID.randomUUID().toString();
    private S3ObjectStore store;

    @BeforeAll
    static void startServer() throws IOException {
        server = TestServers.start(folder);
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void open() {
        store = new S3ObjectStore(TestServers.settings(server.endpoint(), prefix));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected RawStore store() {
        return store;
    }

    @Test
    void longStreamsAreSentInParts() throws IOException {
        for (int size : new int[] {PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 7}) {
            byte[] content = bytes(size);

            assertThat(store.put("k", new ByteArrayInputStream(content)).size()).isEqualTo(size);

            assertThat(store.stat("k").orElseThrow().size()).isEqualTo(size);
            try (InputStream in = store.open("k", 0).orElseThrow()) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
        assertThat(uploads()).isZero();
    }

    @Test
    void moreIsListedThanFitsOnAPage() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try {
            List<Future<StoredObject>> puts = new ArrayList<>();
            for (int i = 0; i < 1001; i++) {
                String key = "many/" + i;
                puts.add(writers.submit(() -> put(key, "x")));
            }
            for (Future<StoredObject> put : puts) {
                put.get(1, TimeUnit.MINUTES);
            }
        } finally {
            writers.shutdownNow();
        }

        assertThat(store.list("many")).hasSize(1001);
    }

    @Test
    void whatFailsHalfwayLeavesNoParts() throws IOException {
        put("k", "old");

        assertThatIOException()
                .isThrownBy(() -> store.put("k", failingAfter(2 * PART, () -> {
                    throw new IOException("connection lost");
                })));

        assertThat(read("k", 0)).isEqualTo("old");
        assertThat(uploads()).isZero();
    }

    @Test
    void aServerThatDiesDuringAnUploadShowsNothingOfIt() throws IOException {
        put("k", "old");
        try {
            assertThatIOException().isThrownBy(() -> store.put("k", failingAfter(2 * PART, server::kill)));
            assertThatIOException().isThrownBy(() -> store.put("new", failingAfter(PART, server::kill)));
        } finally {
            server.start();
        }

        assertThat(read("k", 0)).isEqualTo("old");
        assertThat(store.list("")).extracting(StoredObject::key).containsExactly("k");
        assertThat(uploads()).isEqualTo(1);
        put("other", "x");
        assertThat(uploads()).isZero();
    }

    @Test
    void aServerThatIsAwayIsAnErrorAndWorksAgainWhenItReturns() throws IOException {
        put("k", "kept");
        server.kill();
        try {
            assertAllFailSoon(store);
        } finally {
            server.start();
        }

        put("other", "x");
        assertThat(read("k", 0)).isEqualTo("kept");
        assertThat(store.list("")).hasSize(2);
    }

    private static void assertAllFailSoon(S3ObjectStore store) {
        long start = System.nanoTime();
        assertThatIOException().isThrownBy(() -> store.put("k", new ByteArrayInputStream(new byte[1])));
        assertThatIOException().isThrownBy(() -> store.put("k", new ByteArrayInputStream(new byte[PART])));
        assertThatIOException().isThrownBy(() -> store.putIfAbsent("k", new byte[1]));
        assertThatIOException().isThrownBy(() -> store.open("k", 0));
        assertThatIOException().isThrownBy(() -> store.open("k", 1, 2));
        assertThatIOException().isThrownBy(() -> store.stat("k"));
        assertThatIOException().isThrownBy(() -> store.list(""));
        assertThatIOException().isThrownBy(() -> store.delete("k"));
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
    }

    private static byte[] bytes(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    /** Uploads of this test that were neither ended nor aborted. */
    private long uploads() throws IOException {
        try (S3Calls calls = new S3Calls(TestServers.settings(server.endpoint(), ""))) {
            return calls
                    .whole(client -> client.listMultipartUploadsAsync(
                            S3Server.BUCKET, null, null, null, null, null, null, null, null, null))
                    .result()
                    .uploads()
                    .stream()
                    .filter(upload -> upload.objectName().startsWith(prefix))
                    .count();
        }
    }

    /** So many bytes, then something happens, then as many again. */
    private static InputStream failingAfter(int bytes, Event event) {
        return new InputStream() {
            private int read;

            @Override
            public int read() throws IOException {
                if (read == bytes) {
                    event.happen();
                }
                return read++ < 2 * bytes ? 1 : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (read == bytes) {
                    event.happen();
                }
                int count = Math.min(length, (read < bytes ? bytes : 2 * bytes) - read);
                read += count;
                return count == 0 ? -1 : count;
            }
        };
    }

    private interface Event {
        void happen() throws IOException;
    }
}
