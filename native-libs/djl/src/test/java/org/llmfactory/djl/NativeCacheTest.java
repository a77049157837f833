package org.llmfactory.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
    private static final Map<String, Long> FILES = Map.of("a.so", 3L, "b.so", 2L);

    private final PackedFiles packed = packed();

    @TempDir
    private Path root;

    private static PackedFiles packed() {
        return new PackedFiles(Map.of("libs/a.so", new byte[] {1, 2, 3}, "libs/b.so", new byte[] {4, 5}));
    }

    private Path unpack() throws IOException {
        return new NativeCache(root, packed).unpack("digest", "libs/", FILES);
    }

    @Test
    void unpacksOnceForAll() throws IOException {
        Path folder = unpack();
        Path again = unpack();

        assertThat(folder).isEqualTo(root.resolve("digest")).isEqualTo(again);
        assertThat(folder.resolve("a.so")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(folder.resolve("b.so")).hasBinaryContent(new byte[] {4, 5});
        assertThat(packed.reads).hasValue(2);
    }

    @Test
    void makesGoodWhatWasDamaged() throws IOException {
        Files.write(unpack().resolve("a.so"), new byte[] {1});

        assertThat(unpack().resolve("a.so")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void clearsAwayWhatAKilledProcessLeft() throws IOException {
        Path left = Files.createDirectories(root.resolve("digest.part123"));
        Files.write(left.resolve("a.so"), new byte[] {1});
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        Path inProgress = Files.createDirectories(root.resolve("digest.part456"));

        unpack();

        assertThat(left).doesNotExist();
        assertThat(inProgress).exists();
    }

    @Test
    void leavesNothingBehindWhenAFileIsMissing() {
        NativeCache cache = new NativeCache(root, packed);

        assertThatThrownBy(() -> cache.unpack("digest", "elsewhere/", FILES))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("elsewhere/");
        assertThatThrownBy(() -> cache.unpack("digest", "libs/", Map.of("a.so", 4L)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not those described");
        assertThat(root.toFile().list()).containsExactly("digest.lock");
    }

    @Test
    void threadsOfOneProcessMayUnpackAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Path>> folders = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                folders.add(threads.submit(this::unpack));
            }
            for (Future<Path> folder : folders) {
                assertThat(folder.get(30, TimeUnit.SECONDS).resolve("b.so")).hasBinaryContent(new byte[] {4, 5});
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void processesMayUnpackAtOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Unpack.class.getName(),
                            root.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        assertThat(root.toFile().list()).containsExactlyInAnyOrder("digest", "digest.lock");
    }

    /** One process of several. */
    static final class Unpack {
        public static void main(String[] arguments) throws IOException {
            Path root = Path.of(arguments[0]);
            for (int i = 0; i < 200; i++) {
                Path folder = new NativeCache(root, packed()).unpack("digest", "libs/", FILES);
                if (Files.size(folder.resolve("a.so")) != 3) {
                    throw new IllegalStateException("incomplete: " + folder);
                }
            }
        }
    }
}
