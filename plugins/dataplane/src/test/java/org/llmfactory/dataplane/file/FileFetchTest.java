package org.llmfactory.dataplane.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.dataplane.testing.TestAgents.CONTROLLER;
import static org.llmfactory.dataplane.testing.TestAgents.DEADLINE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE;
import static org.llmfactory.dataplane.testing.TestAgents.OTHER_NODE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentFiles;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.dataplane.testing.ScriptedService;
import org.llmfactory.dataplane.testing.TestAgents;
import org.llmfactory.messaging.testing.InMemoryNetwork.Frame;

@Timeout(60)
class FileFetchTest {
    private static final int LARGEST = 8 << 20;

    private final TestAgents agents = new TestAgents();
    private final FolderShare share = new FolderShare("plugins", Callers.NETWORK);
    private final FolderShare secret = new FolderShare("secrets", Callers.CONTROLLERS);

    @TempDir
    Path folder;

    private FileService service;
    private AgentFiles files;
    private Path target;

    @BeforeEach
    void share() throws IOException {
        service = new FileService(NODE, 8);
        service.addShare(share);
        service.addShare(secret);
        agents.agent(NODE).offer(service);
        files = new FileFetcher(agents.agent(CONTROLLER).plane(), LARGEST);
        target = Files.createDirectory(folder.resolve("target")).resolve("file.bin");
    }

    @AfterEach
    void stop() {
        service.stop();
        agents.close();
    }

    @Test
    void aFileArrivesWhole() throws Exception {
        byte[] content = shared("large", 3_000_001);

        files.fetch(NODE, "plugins", "large", target, sha256(content), DEADLINE);

        assertThat(target).hasBinaryContent(content);
        assertThat(left()).containsExactly(target);
    }

    @Test
    void anEmptyFileArrivesAndTakesThePlaceOfAnother() throws Exception {
        byte[] content = shared("empty", 0);
        Files.writeString(target, "former");

        files.fetch(NODE, "plugins", "empty", target, sha256(content), DEADLINE);

        assertThat(target).isEmptyFile();
    }

    @Test
    void aFileOfAnotherDigestIsRefusedAndNothingIsReplaced() throws Exception {
        shared("file", 1000);
        Files.writeString(target, "former");

        refused(ErrorCode.INVALID_FILE, () -> files.fetch(NODE, "plugins", "file", target, "0".repeat(64), DEADLINE));

        assertThat(target).hasContent("former");
        assertThat(left()).containsExactly(target);
    }

    @Test
    void aFileThatIsNotWhatItsSenderSaysIsRefused() throws Exception {
        agents.agent(NODE).offer(lying(new byte[] {1, 2, 3}, 3));

        refused(ErrorCode.INVALID_FILE, () -> files.fetch(NODE, "plugins", "file", target, "", DEADLINE));
        assertThat(left()).isEmpty();
    }

    @Test
    void aFileThatIsLongerOrShorterThanItsSenderSaysIsRefused() {
        agents.agent(NODE).offer(lying(new byte[] {1, 2, 3}, 2));
        refused(ErrorCode.INVALID_FILE, () -> files.fetch(NODE, "plugins", "file", target, "", DEADLINE));

        agents.agent(NODE).offer(lying(new byte[] {1, 2, 3}, 4));
        refused(ErrorCode.INVALID_FILE, () -> files.fetch(NODE, "plugins", "file", target, "", DEADLINE));
    }

    @Test
    void aFileThatIsNotThereIsNotFound() {
        refused(ErrorCode.NOT_FOUND, () -> files.fetch(NODE, "plugins", "nothing", target, "", DEADLINE));
        refused(ErrorCode.NOT_FOUND, () -> files.fetch(NODE, "nothing", "nothing", target, "", DEADLINE));
    }

    @Test
    void aShareIsForWhomItSays() throws Exception {
        Path file = Files.write(folder.resolve("secret"), new byte[] {1});
        secret.put("secret", file);
        AgentFiles others = new FileFetcher(agents.agent(OTHER_NODE).plane(), LARGEST);

        refused(ErrorCode.PERMISSION_DENIED, () -> others.fetch(NODE, "secrets", "secret", target, "", DEADLINE));
        files.fetch(NODE, "secrets", "secret", target, "", DEADLINE);
        assertThat(target).hasBinaryContent(new byte[] {1});
    }

    @Test
    void aFileOverTheLimitIsNotFetched() throws Exception {
        shared("huge", LARGEST + 1);

        refused(ErrorCode.PAYLOAD_TOO_LARGE, () -> files.fetch(NODE, "plugins", "huge", target, "", DEADLINE));
    }

    @Test
    void aFetchGoesOnWhereItsStreamHasFailed() throws Exception {
        byte[] content = shared("large", 5_000_000);
        BlockingQueue<AgentStream> streams = new LinkedBlockingQueue<>();
        DataPlane plane = agents.agent(CONTROLLER).plane();
        AgentFiles watched = new FileFetcher(
                (to, name, lane, request, listener, deadline) -> {
                    AgentStream stream = plane.open(to, name, lane, request, listener, deadline);
                    streams.add(stream);
                    return stream;
                },
                LARGEST);
        CutOnce cut = new CutOnce(agents, 40);
        agents.network.intercept(cut::pass);

        watched.fetch(NODE, "plugins", "large", target, sha256(content), DEADLINE);

        assertThat(target).hasBinaryContent(content);
        assertThat(streams).hasSize(2);
        assertThat(agents.agent(NODE).meters.bytesSent()).isLessThan(2L * content.length);
    }

    @Test
    void whatDoesNotComeInTimeIsGivenUp() throws Exception {
        agents.agent(NODE)
                .offer(new ScriptedService("file", Callers.NETWORK, (stream, request) -> new QuietListener()));

        refused(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> files.fetch(NODE, "plugins", "file", target, "", Duration.ofMillis(300)));
        assertThat(left()).isEmpty();
        await().untilAsserted(() -> assertThat(agents.agent(NODE).meters.open()).isZero());
    }

    @Test
    void anAgentSendsOnlySoManyFilesAtOnce() throws Exception {
        FileService narrow = new FileService(OTHER_NODE, 1);
        narrow.addShare(share);
        agents.agent(OTHER_NODE).offer(narrow);
        shared("large", 6_000_000);
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        byte[] request = FileMessages.write(new FileMessages.Request("plugins", "large", 0));
        DataPlane plane = agents.agent(CONTROLLER).plane();
        QuietListener slow = new QuietListener() {
            @Override
            public void onMessage(byte[] message) {
                go.join();
            }
        };
        plane.open(OTHER_NODE, "file", Lane.DATA, request, slow, DEADLINE);

        refused(
                ErrorCode.OVERLOADED,
                () -> plane.open(OTHER_NODE, "file", Lane.DATA, request, new QuietListener(), DEADLINE));
        go.complete(true);
        files.fetch(OTHER_NODE, "plugins", "large", target, "", DEADLINE);
        assertThat(target).exists();
        narrow.stop();
    }

    private byte[] shared(String name, int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        share.put(name, Files.write(folder.resolve(name), content));
        return content;
    }

    private static ScriptedService lying(byte[] content, long size) {
        return new ScriptedService("file", Callers.NETWORK, (stream, request) -> {
            stream.send(FileMessages.write(new FileMessages.Head(size, "1".repeat(64))));
            stream.send(content);
            stream.finish();
            return new QuietListener();
        });
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> paths = Files.list(target.resolveSibling("."))) {
            return paths.map(Path::normalize).toList();
        }
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** Restarts the node's streams once, after some large frames. */
    private static final class CutOnce {
        private final TestAgents agents;
        private final AtomicInteger left;

        CutOnce(TestAgents agents, int frames) {
            this.agents = agents;
            this.left = new AtomicInteger(frames);
        }

        List<Frame> pass(Frame frame) {
            if (frame.content().length > 60_000 && left.decrementAndGet() == 0) {
                agents.agent(NODE).failStreams();
            }
            return List.of(frame);
        }
    }
}
