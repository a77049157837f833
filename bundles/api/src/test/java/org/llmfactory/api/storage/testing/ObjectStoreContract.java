package org.llmfactory.api.storage.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;

/** What every {@link ObjectStore} must do. A provider's test extends it and says which store to test. */
public abstract class ObjectStoreContract {
    /** An empty store; the same one during one test. */
    protected abstract ObjectStore store();

    @Test
    protected void whatWasPutIsRead() throws IOException {
        StoredObject stored = put("a/b/c.txt", "hello");

        assertThat(read("a/b/c.txt", 0)).isEqualTo("hello");
        assertThat(stored.key()).isEqualTo("a/b/c.txt");
        assertThat(stored.size()).isEqualTo(5);
        assertThat(stored.modified()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    }

    @Test
    protected void anUnknownKeyIsAbsent() throws IOException {
        assertThat(store().open("nothing/here", 0)).isEmpty();
        assertThat(store().stat("nothing/here")).isEmpty();
        assertThat(store().delete("nothing/here")).isFalse();
        assertThat(store().list("nothing")).isEmpty();
    }

    @Test
    protected void aKeyThatIsOnlyAPrefixIsAbsent() throws IOException {
        put("a/b/c", "x");

        assertThat(store().open("a/b", 0)).isEmpty();
        assertThat(store().stat("a/b")).isEmpty();
        assertThat(store().delete("a/b")).isFalse();
        assertThat(read("a/b/c", 0)).isEqualTo("x");
    }

    @Test
    protected void aSecondPutReplacesTheFirst() throws IOException {
        put("k", "first, and longer");
        put("k", "second");

        assertThat(read("k", 0)).isEqualTo("second");
        assertThat(store().stat("k").orElseThrow().size()).isEqualTo(6);
    }

    @Test
    protected void readingStartsAtTheOffset() throws IOException {
        put("k", "0123456789");

        assertThat(read("k", 7)).isEqualTo("789");
        assertThat(read("k", 10)).isEmpty();
        assertThat(read("k", 999)).isEmpty();
    }

    @Test
    protected void aReaderKeepsTheContentItOpened() throws IOException {
        put("k", "old");
        try (InputStream reader = store().open("k", 0).orElseThrow()) {
            put("k", "new");
            assertThat(new String(reader.readAllBytes(), UTF_8)).isEqualTo("old");
        }
    }

    @Test
    protected void aFailedPutChangesNothing() throws IOException {
        put("k", "old");

        assertThatThrownBy(() -> store().put("k", brokenStream())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store().put("other", brokenStream())).isInstanceOf(IOException.class);

        assertThat(read("k", 0)).isEqualTo("old");
        assertThat(store().list("")).extracting(StoredObject::key).containsExactly("k");
    }

    @Test
    protected void listingMatchesWholeSegmentsAndIsSorted() throws IOException {
        put("a/2", "x");
        put("a/10/y", "x");
        put("a/1/z", "x");
        put("a/1", "x");
        put("b", "x");

        assertThat(store().list("a/1")).extracting(StoredObject::key).containsExactly("a/1", "a/1/z");
        assertThat(store().list("a/")).extracting(StoredObject::key).containsExactly("a/1", "a/1/z", "a/10/y", "a/2");
        assertThat(store().list("")).hasSize(5);
    }

    @Test
    protected void aKeyMayAlsoBeThePrefixOfOthers() throws IOException {
        put("a", "1");
        put("a/b", "2");

        assertThat(read("a", 0)).isEqualTo("1");
        assertThat(read("a/b", 0)).isEqualTo("2");
        assertThat(store().delete("a")).isTrue();
        assertThat(read("a/b", 0)).isEqualTo("2");
    }

    @Test
    protected void deletedIsGone() throws IOException {
        put("k", "x");

        assertThat(store().delete("k")).isTrue();
        assertThat(store().open("k", 0)).isEmpty();
        assertThat(store().delete("k")).isFalse();
    }

    @Test
    protected void aPrefixIsDeletedWithAllBelowItAndNothingElse() throws IOException {
        put("a/1", "x");
        put("a/1/y", "x");
        put("a/10", "kept");

        assertThat(store().deleteAll("a/1")).isEqualTo(2);
        assertThat(store().list("")).extracting(StoredObject::key).containsExactly("a/10");
        assertThat(read("a/10", 0)).isEqualTo("kept");
        assertThat(store().deleteAll("a/1")).isZero();
        assertThat(store().deleteAll("")).isEqualTo(1);
        assertThat(store().list("")).isEmpty();
    }

    @Test
    protected void largeBlobsAreReadFromAnyOffset() throws IOException {
        StringBuilder content = new StringBuilder();
        while (content.length() < 200_000) {
            content.append(content.length()).append(' ');
        }
        put("k", content.toString());

        assertThat(store().stat("k").orElseThrow().size()).isEqualTo(content.length());
        for (int offset : new int[] {0, 1, 65_535, 65_536, 65_537, 131_072, content.length() - 1, content.length()}) {
            assertThat(read("k", offset)).isEqualTo(content.substring(offset));
        }
    }

    @Test
    protected void emptyBlobsAreBlobs() throws IOException {
        put("k", "");

        assertThat(store().stat("k").orElseThrow().size()).isZero();
        assertThat(read("k", 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.", "a b", "a\\b", "ü", "a\0", "%2e"
            })
    protected void malformedKeysAreRefused(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> put(key, "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> store().open(key, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store().stat(key));
        assertThatIllegalArgumentException().isThrownBy(() -> store().delete(key));
    }

    @Test
    protected void keysOver512CharactersAreRefused() throws IOException {
        String segments = "0123456789abcde/".repeat(31);
        put(segments + "0123456789abcdef", "x");

        assertThatIllegalArgumentException().isThrownBy(() -> put(segments + "0123456789abcdefg", "x"));
    }

    @Test
    protected void aNegativeOffsetIsRefused() throws IOException {
        put("k", "x");

        assertThatIllegalArgumentException().isThrownBy(() -> store().open("k", -1));
    }

    @Test
    protected void concurrentWritersOfOneKeyLeaveOneWholeBlob() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Future<StoredObject>> puts = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String content = String.valueOf((char) ('a' + i % 26)).repeat(10_000);
                puts.add(writers.submit(() -> put("k", content)));
            }
            for (Future<StoredObject> put : puts) {
                assertThat(put.get(30, TimeUnit.SECONDS).size()).isEqualTo(10_000);
            }
        } finally {
            writers.shutdownNow();
        }

        String left = read("k", 0);
        assertThat(left).isEqualTo(left.substring(0, 1).repeat(10_000));
    }

    /** Stores text. */
    protected final StoredObject put(String key, String content) throws IOException {
        return store().put(key, new ByteArrayInputStream(content.getBytes(UTF_8)));
    }

    /** Reads text. */
    protected final String read(String key, long offset) throws IOException {
        try (InputStream in = store().open(key, offset).orElseThrow()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** A few bytes, then the error of a lost connection. */
    private static InputStream brokenStream() {
        return new SequenceInputStream(new ByteArrayInputStream(new byte[] {1, 2, 3}), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection lost");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        });
    }
}
