package org.llmfactory.executor.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.executor.process.ProcessTable;
import org.llmfactory.executor.testing.Machine;
import org.llmfactory.executor.testing.Opener;

class ProcessServiceTest {
    private static final String CAT = "{'name': 'cat', 'program': '/bin/cat'}";

    @TempDir
    private Path root;

    private Machine machine;

    @BeforeEach
    void start() {
        machine = new Machine(
                root, 3, Map.of("API_TOKEN", "secret", "LD_LIBRARY_PATH", "/opt/lib", "PATH", "/home/agent/bin"));
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    @Test
    void whatIsSentIsInputAndWhatComesBackIsOutput() throws Exception {
        machine.allow("cat", CAT);
        Opener opener = machine.run("cat");

        opener.send("one\n".getBytes(UTF_8));
        until(() -> opener.output().equals("one\n"));
        opener.send("two\n".getBytes(UTF_8));
        opener.stream().finish();

        assertThat(opener.exit()).isEqualTo("{\"code\":0,\"reason\":\"\"}");
        assertThat(opener.output()).isEqualTo("one\ntwo\n");
        until(this::nothingRuns);
    }

    @Test
    void errorsAndTheExitStatusAreToldApart() throws Exception {
        machine.allowScript("fail", "echo out; echo wrong >&2; exit 3", "");

        Opener opener = machine.run("fail");

        assertThat(opener.exit()).contains("\"code\":3");
        assertThat(opener.output()).isEqualTo("out\n");
        assertThat(opener.errors()).isEqualTo("wrong\n");
    }

    @Test
    void tenMegabytesPassUnchanged() throws Exception {
        machine.allow("cat", CAT);
        byte[] input = new byte[10 << 20];
        new Random(5).nextBytes(input);
        Opener opener = machine.run("cat");

        opener.send(input);
        opener.stream().finish();

        assertThat(opener.exit()).contains("\"code\":0");
        assertThat(Arrays.equals(opener.bytes(), input)).isTrue();
    }

    @Test
    void aProcessThatDoesNotReadHoldsUpTheOpener() throws Exception {
        machine.allowScript("deaf", "exec sleep 300", "");
        Opener opener = machine.run("deaf");
        byte[] input = new byte[30_000];
        int sent = 0;
        while (opener.stream().awaitWritable(Duration.ofMillis(300))) {
            opener.sendNow(input);
            sent += input.length;
            assertThat(sent).isLessThan(4 << 20);
        }

        onlyPlace().stop();

        assertThat(opener.exit()).contains("administrator");
    }

    @Test
    void anOpenerThatDoesNotReadHoldsUpTheProcess() throws Exception {
        machine.allowScript("flood", "head -c 10000000 /dev/zero; echo done >&2", "");
        Opener opener = machine.run("flood");
        opener.pause();

        await().during(Duration.ofMillis(700))
                .atMost(Duration.ofSeconds(10))
                .until(() -> !machine.processes().table().all().isEmpty());
        opener.resume();

        assertThat(opener.exit()).contains("\"code\":0");
        assertThat(opener.bytes()).hasSize(10_000_000);
        assertThat(opener.errors()).isEqualTo("done\n");
    }

    @Test
    void cancellingEndsEverythingThatWasStartedEvenWhatHidesAndWillNotGo() throws Exception {
        machine.allowScript(
                "family",
                "sleep 300 & echo $!; (setsid sleep 300 & echo $!); sh -c 'trap \"\" TERM; echo $$; sleep 300; sleep 300' &"
                        + " wait",
                "");
        Opener opener = machine.run("family");
        until(() -> opener.output().lines().count() == 3);
        List<Long> family = opener.output().lines().map(Long::valueOf).toList();
        assertThat(family).allMatch(ProcessServiceTest::runs);

        opener.stream().cancel("Enough.");

        until(this::nothingRuns);
        assertThat(family).noneMatch(ProcessServiceTest::runs);
        assertThat(machine.ledger().events().get(1).details().get("reason").toString())
                .contains("Enough.");
    }

    @Test
    void anOpenerThatVanishesEndsItsProcess() throws Exception {
        machine.allowScript("long", "echo $$; exec sleep 300", "");
        Opener opener = machine.run("long");
        until(() -> opener.output().endsWith("\n"));
        long process = Long.parseLong(opener.output().trim());

        machine.network().kill(Machine.CONTROLLER);

        until(this::nothingRuns);
        assertThat(runs(process)).isFalse();
    }

    @Test
    void whatAProgramLeavesBehindEndsWithIt() throws Exception {
        machine.allowScript("leave", "sleep 300 & echo $!", "");

        Opener opener = machine.run("leave");

        assertThat(opener.exit()).contains("\"code\":0");
        assertThat(runs(Long.parseLong(opener.output().trim()))).isFalse();
    }

    @Test
    void whoeverTakesTooLongIsEnded() throws Exception {
        machine.allowScript("slow", "exec sleep 300", ", 'time_limit_seconds': 1");

        assertThat(machine.run("slow").exit()).contains("\"code\":143").contains("time limit of 1 s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'command': 'echo', 'arguments': ['a', 'b2']} | OK",
                "{'command': 'echo'} | OK",
                "{'command': 'echo', 'arguments': ['a', 'b', 'c']} | INVALID_VALUE",
                "{'command': 'echo', 'arguments': ['a;b']} | INVALID_VALUE",
                "{'command': 'echo', 'arguments': ['a\\nb']} | INVALID_VALUE",
                "{'command': 'echo', 'arguments': ['']} | INVALID_VALUE",
                "{'command': 'cat'} | NOT_FOUND",
                "{'command': '../echo'} | NOT_FOUND",
                "{} | NOT_FOUND",
                "{'command': 'echo', 'shell': true} | INVALID_REQUEST",
                "[] | INVALID_REQUEST",
                "rubbish | INVALID_REQUEST",
            })
    void onlyWhatWasAllowedIsRun(String request, String outcome) throws Exception {
        machine.allow(
                "echo",
                "{'name': 'echo', 'program': '/bin/echo', 'arguments': ['fixed'],"
                        + " 'extra_arguments': {'patterns': ['[a-z]+', '[a-z][0-9]'], 'maximum': 2}}");

        if (outcome.equals("OK")) {
            assertThat(machine.open(Machine.CONTROLLER, request).exit()).contains("\"code\":0");
        } else {
            refused(Machine.CONTROLLER, request, ErrorCode.valueOf(outcome));
            assertThat(machine.ledger().events()).isEmpty();
        }
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        machine.allow(
                "printf",
                "{'name': 'printf', 'program': '/usr/bin/printf', 'arguments': ['%s|'],"
                        + " 'extra_arguments': {'patterns': ['(?s).*'], 'maximum': 9}}");

        Opener opener = machine.open(
                Machine.CONTROLLER, "{'command': 'printf', 'arguments': ['$HOME', 'a b', '*', '`id`', '; id']}");

        opener.exit();
        assertThat(opener.output()).isEqualTo("$HOME|a b|*|`id`|; id|");
    }

    @Test
    void agentsOfTheTenantRunWhatIsForThemAndStrangersNothing() throws Exception {
        machine.allow("cat", CAT);
        machine.allow("ours", "{'name': 'ours', 'program': '/bin/true', 'callers': 'tenant'}");

        assertThat(machine.open(Machine.SISTER, "{'command': 'ours'}").exit()).contains("\"code\":0");
        refused(Machine.SISTER, "{'command': 'cat'}", ErrorCode.PERMISSION_DENIED);
        refused(Machine.STRANGER, "{'command': 'ours'}", ErrorCode.PERMISSION_DENIED);
        refused(AgentAddress.parse("shared/node"), "{'command': 'ours'}", ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void noMoreRunThanMayAtOnce() throws Exception {
        machine.allow("cat", CAT);
        machine.allow("many", "{'name': 'many', 'program': '/bin/cat', 'maximum_running': 9}");
        Opener first = machine.run("cat");

        refused(Machine.CONTROLLER, "{'command': 'cat'}", ErrorCode.OVERLOADED);
        machine.run("many");
        machine.run("many");
        refused(Machine.CONTROLLER, "{'command': 'many'}", ErrorCode.OVERLOADED);
        first.stream().finish();
        first.exit();

        machine.run("cat");
    }

    @Test
    void aCommandThatNeedsMoreMemoryThanThereIsIsNotStarted() {
        machine.allow("huge", "{'name': 'huge', 'program': '/bin/true', 'memory_mib': 1000000000}");

        refused(Machine.CONTROLLER, "{'command': 'huge'}", ErrorCode.OVERLOADED);
    }

    @Test
    void nothingOfTheAgentsEnvironmentPassesButWhatWasAllowed() throws Exception {
        machine.allow(
                "env",
                "{'name': 'env', 'program': '/usr/bin/env', 'environment': ['LD_LIBRARY_PATH', 'NOT_THERE'],"
                        + " 'variables': {'OMP_NUM_THREADS': '2'}}");

        Opener opener = machine.run("env");
        opener.exit();

        TreeSet<String> names = new TreeSet<>();
        opener.output().lines().forEach(line -> names.add(line.substring(0, line.indexOf('='))));
        assertThat(names)
                .containsExactly(
                        "HOME", "LANG", "LD_LIBRARY_PATH", "LLMFACTORY_PROCESS", "OMP_NUM_THREADS", "PATH", "TMPDIR");
        assertThat(opener.output())
                .contains("LD_LIBRARY_PATH=/opt/lib\n", "OMP_NUM_THREADS=2\n")
                .doesNotContain("secret", "/home/agent/bin");
    }

    @Test
    void aProcessHasAFolderOfItsOwnThatIsGoneAfterwards() throws Exception {
        machine.allowScript("place", "echo left > file; mkdir below; ln -s / below/link; pwd", "");

        Opener opener = machine.run("place");
        opener.exit();

        Path folder = Path.of(opener.output().trim());
        assertThat(folder).startsWithRaw(root.toRealPath().resolve("cache/executor"));
        assertThat(folder).doesNotExist();
    }

    @Test
    void aFolderThatWasNamedStays() throws Exception {
        machine.allowScript("stay", "echo left > file", ", 'folder': 'trainer/work'");

        machine.run("stay").exit();

        assertThat(root.resolve("cache/executor/trainer/work/file")).hasContent("left\n");
    }

    @Test
    void aFolderThatLeadsOutOfTheCacheIsNotUsed() throws IOException {
        machine.allowScript("out", "pwd", ", 'folder': 'link'");
        Files.createDirectories(root.resolve("cache/executor"));
        Files.createSymbolicLink(root.resolve("cache/executor/link"), Path.of("/tmp"));

        refused(Machine.CONTROLLER, "{'command': 'out'}", ErrorCode.CONFLICT);
    }

    @Test
    void aProgramThatIsNotThereIsToldWithoutItsPath() {
        machine.allow("gone", "{'name': 'gone', 'program': '/no/such/program'}");

        assertThatThrownBy(() -> machine.run("gone"))
                .hasMessageContaining("could not be started")
                .hasMessageNotContaining("/no/such");
        assertThat(machine.processes().table().all()).isEmpty();
        assertThat(machine.ledger().types()).containsExactly("executor.started", "executor.ended");
    }

    @Test
    void theLedgerKnowsWhoRanWhatButItsArgumentsOnlyWhereTheyArePublic() throws Exception {
        String rule = ", 'extra_arguments': {'patterns': ['.*'], 'maximum': 1}";
        machine.allow("private", "{'name': 'private', 'program': '/bin/true'" + rule + "}");
        machine.allow("public", "{'name': 'public', 'program': '/bin/false', 'public_arguments': true" + rule + "}");

        machine.open(Machine.CONTROLLER, "{'command': 'private', 'arguments': ['hush']}")
                .exit();
        machine.open(Machine.CONTROLLER, "{'command': 'public', 'arguments': ['loud']}")
                .exit();

        List<AuditEvent> events = machine.ledger().events();
        assertThat(events)
                .extracting(AuditEvent::type)
                .containsExactly("executor.started", "executor.ended", "executor.started", "executor.ended");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.actor().id()).isEqualTo("platform/c1");
            assertThat(event.details()).containsKey("process");
        });
        assertThat(events.get(0).resource()).isEqualTo(Optional.of("private"));
        assertThat(events.subList(0, 2).toString()).doesNotContain("hush");
        assertThat(events.get(3).details()).containsEntry("exit", 1).containsEntry("arguments", List.of("loud"));
    }

    @Test
    void whatTheLedgerDoesNotTakeIsNotStarted() {
        machine.allowScript("mark", "touch " + root.resolve("ran"), "");
        machine.audit().setLedger(new FullLedger());

        refused(Machine.CONTROLLER, "{'command': 'mark'}", ErrorCode.OVERLOADED);

        assertThat(root.resolve("ran")).doesNotExist();
        assertThat(machine.processes().table().all()).isEmpty();
    }

    @Test
    void whatIsNoInputEndsTheStream() throws Exception {
        machine.allow("cat", CAT);
        Opener opener = machine.run("cat");

        opener.stream().send(new byte[] {7, 1, 2});

        assertThatThrownBy(opener::exit).hasRootCauseMessage("This end takes input only.");
        until(this::nothingRuns);
    }

    @Test
    void drainingWaitsForWhatRunsAndLetsNothingNewIn() throws Exception {
        machine.allow("cat", CAT);
        machine.allow("true", "{'name': 'true', 'program': '/bin/true'}");
        Opener opener = machine.run("cat");

        assertThat(machine.processes().drain(Duration.ofMillis(50))).isFalse();
        refused(Machine.CONTROLLER, "{'command': 'true'}", ErrorCode.OVERLOADED);
        opener.stream().finish();
        assertThat(machine.processes().drain(Duration.ofSeconds(20))).isTrue();
        machine.processes().resume();

        assertThat(machine.run("true").exit()).contains("\"code\":0");
    }

    @Test
    void processesEndWithTheAgent() throws Exception {
        machine.allowScript("long", "echo $$; exec sleep 300", "");
        Opener opener = machine.run("long");
        until(() -> opener.output().endsWith("\n"));
        long process = Long.parseLong(opener.output().trim());

        machine.close();

        assertThat(runs(process)).isFalse();
        assertThat(machine.ledger().types()).containsExactly("executor.started", "executor.ended");
    }

    private void refused(AgentAddress caller, String request, ErrorCode code) {
        assertThatThrownBy(() -> machine.open(caller, request))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    private ProcessTable.Place onlyPlace() {
        return machine.processes().table().all().get(0);
    }

    private boolean nothingRuns() {
        return machine.processes().table().all().isEmpty();
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
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(condition::getAsBoolean);
    }
}
