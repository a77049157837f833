package org.llmfactory.executor.detached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.executor.action.CommandsAction;
import org.llmfactory.executor.action.KillAction;
import org.llmfactory.executor.action.ListAction;
import org.llmfactory.executor.action.LogAction;
import org.llmfactory.executor.action.StartAction;
import org.llmfactory.executor.testing.Machine;

class DetachedProcessesTest {
    private static final String LONG = "echo $$ >> pids; echo ready; exec sleep 300";

    @TempDir
    private Path root;

    private Machine machine;
    private DetachedProcesses detached;

    @BeforeEach
    void start() throws IOException {
        machine = new Machine(root);
        detached = new DetachedProcesses(machine.home(), machine.processes());
    }

    @AfterEach
    void stop() {
        detached.close();
        machine.close();
    }

    private void restartAgent() throws IOException {
        stop();
        start();
    }

    @Test
    void runsUntilItIsEndedAndSaysWhatItWrote() throws Exception {
        allow("server", LONG, "{}");

        String id = start("server", "");
        until(() -> log(id).equals("ready\n"));
        assertThat(list()).singleElement().satisfies(process -> {
            assertThat(process.id()).isEqualTo(id);
            assertThat(process.command()).isEqualTo("server");
            assertThat(process.caller()).isEqualTo("platform/c1");
            assertThat(process.detached()).isTrue();
            assertThat(process.state()).isEqualTo("running");
        });

        assertThat(kill(id)).isTrue();
        until(() -> list().isEmpty());

        assertThat(pids()).noneMatch(DetachedProcessesTest::runs);
        assertThat(kill(id)).isFalse();
        assertThat(machine.ledger().types()).containsExactly("executor.started", "executor.ended");
        restartAgent();
        assertThat(list()).isEmpty();
    }

    @Test
    void whatIsAskedForTwiceUnderOneKeyRunsOnce() throws Exception {
        allow("server", LONG, "{}");
        allow("other", LONG, "{}");
        String id = start("server", "mine");

        assertThat(start("server", "mine")).isEqualTo(id);
        assertThatThrownBy(() -> start("other", "mine"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThatThrownBy(() -> start("server", ""))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void endsWithTheAgentAndComesBackWithTheNext() throws Exception {
        allow("server", LONG, "{}");
        String id = start("server", "mine");
        until(() -> pids().size() == 1);

        stop();
        assertThat(pids()).noneMatch(DetachedProcessesTest::runs);
        start();

        until(() -> pids().size() == 2);
        assertThat(list()).extracting(ListAction.Shown::id).containsExactly(id);
        assertThat(start("server", "mine")).isEqualTo(id);
    }

    @Test
    void whatIsNoLongerAllowedDoesNotComeBack() throws Exception {
        allow("server", LONG, "{}");
        start("server", "");
        until(() -> pids().size() == 1);
        Files.delete(root.resolve("executor/server.json"));

        restartAgent();

        assertThat(list()).isEmpty();
    }

    @Test
    void oneThatFailsIsStartedAgainAndOneThatIsDoneIsNot() throws Exception {
        allow("fails", "echo $$ >> pids; [ $(wc -l < pids) -ge 2 ] && exit 0; exit 1", "{'restart': 'on_failure'}");

        start("fails", "");
        until(() -> list().isEmpty());

        assertThat(pids()).hasSize(2);
    }

    @Test
    void oneThatIsNeverStartedAgainEndsForGood() throws Exception {
        allow("once", "echo $$ >> pids; exit 1", "{}");

        start("once", "");
        until(() -> list().isEmpty());

        assertThat(pids()).hasSize(1);
        assertThat(machine.ledger().events().get(1).details()).containsEntry("exit", 1);
    }

    @Test
    void oneThatDoesNotBecomeWellInTimeIsStartedAgain() throws Exception {
        allow("server", LONG, "{'restart': 'always', 'start_seconds': 1, 'health': {'port': " + closedPort() + "}}");

        start("server", "");

        assertThat(list().get(0).state()).isIn("starting", "waiting");
        until(() -> pids().size() == 2);
        assertThat(runs(pids().get(0))).isFalse();
    }

    @Test
    void oneWhosePortTakesConnectionsRunsAndIsUnwellWhenItDoesNotAnyMore() throws Exception {
        try (ServerSocket port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            allow(
                    "server",
                    LONG,
                    "{'restart': 'always', 'interval_seconds': 1, 'health': {'port': " + port.getLocalPort() + "}}");
            start("server", "");
            until(() -> list().get(0).state().equals("running"));
        }

        until(() -> list().get(0).state().equals("unwell"));
        until(() -> pids().size() == 2);
    }

    @Test
    void aProgramCanSayWhetherItIsWell() throws Exception {
        allow(
                "server",
                "exec sleep 300",
                "{'health': {'command': ['/usr/bin/test', '-e', '" + root.resolve("well") + "']}}");
        start("server", "");
        assertThat(list().get(0).state()).isEqualTo("starting");

        Files.createFile(root.resolve("well"));

        until(() -> list().get(0).state().equals("running"));
    }

    @Test
    void whatDoesNotRunOnItsOwnIsNotStarted() {
        machine.allow("cat", "{'name': 'cat', 'program': '/bin/cat'}");

        assertThatThrownBy(() -> start("cat", "")).hasMessageContaining("open a stream");
        assertThatThrownBy(() -> start("none", "")).hasMessageContaining("no command of that name");
        assertThatThrownBy(() -> log("none")).hasMessageContaining("No detached process");
    }

    @Test
    void theCommandsSayWhatTheyTake() {
        machine.allow(
                "cat",
                "{'name': 'cat', 'program': '/bin/cat', 'extra_arguments': {'patterns': ['-[nb]'], 'maximum': 2}}");

        assertThat(new CommandsAction(machine.processes())
                        .perform(Machine.CONTROLLER, new CommandsAction.Arguments())
                        .commands())
                .containsExactly(new CommandsAction.Allowed("cat", List.of("-[nb]"), 2, false, 1, Duration.ofHours(1)));
        assertThat(new CommandsAction(machine.processes())
                        .perform(Machine.SISTER, new CommandsAction.Arguments())
                        .commands())
                .isEmpty();
    }

    @Test
    void theLogIsBounded() throws IOException {
        OutputLog log = new OutputLog(root.resolve("logs/x.log"), 1_000);

        log.take(new ByteArrayInputStream(new byte[30_000]));
        log.take(new ByteArrayInputStream("end".getBytes(StandardCharsets.UTF_8)));

        long size;
        try (var files = Files.list(root.resolve("logs"))) {
            size = files.mapToLong(file -> file.toFile().length()).sum();
        }
        assertThat(size).isLessThan(10_000);
        assertThat(log.tail(100)).hasSize(100).endsWith("end");
    }

    private void allow(String name, String script, String how) {
        machine.allowScript(name, script, ", 'folder': 'work', 'detached': " + how);
    }

    private String start(String command, String key) {
        return new StartAction(detached)
                .perform(Machine.CONTROLLER, new StartAction.Arguments(command, List.of(), key))
                .id();
    }

    private boolean kill(String id) {
        return new KillAction(machine.processes())
                .perform(Machine.CONTROLLER, new KillAction.Arguments(id))
                .ending();
    }

    private String log(String id) {
        return new LogAction(detached)
                .perform(Machine.CONTROLLER, new LogAction.Arguments(id))
                .text();
    }

    private List<ListAction.Shown> list() {
        return new ListAction(machine.processes())
                .perform(Machine.CONTROLLER, new ListAction.Arguments())
                .processes();
    }

    /** The ids of all processes that were started so far. */
    private List<Long> pids() {
        try {
            Path file = root.resolve("cache/executor/work/pids");
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
                    : List.of();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean runs(long id) {
        try {
            String line = Files.readString(Path.of("/proc/" + id + "/stat"));
            return !line.startsWith("Z", line.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return false;
        }
    }

    private static void until(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(condition::getAsBoolean);
    }
}
