package org.llmfactory.executor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.network.Callers;

class CommandCatalogTest {
    @TempDir
    private Path folder;

    @Test
    void byDefaultNothingIsAllowed() {
        assertThat(new CommandCatalog(List.of(), folder.resolve("not-there")).all())
                .isEmpty();
    }

    @Test
    void aCommandThatSaysNoMoreThanItMustIsNarrow() {
        Command command = CommandReader.read(json("{'name': 'x', 'program': '/bin/true'}"));

        assertThat(command.arguments()).isEmpty();
        assertThat(command.extra().maximum()).isZero();
        assertThat(command.environment()).isEmpty();
        assertThat(command.callers()).isEqualTo(Callers.CONTROLLERS);
        assertThat(command.limit()).isEqualTo(Duration.ofHours(1));
        assertThat(command.maximumRunning()).isEqualTo(1);
        assertThat(command.publicArguments()).isFalse();
        assertThat(command.folder()).isEmpty();
        assertThat(command.detached()).isEmpty();
    }

    @Test
    void everythingThatCanBeSaidIsHeard() {
        Command command =
                CommandReader.read(json("{'name': 'server', 'program': '/opt/server', 'arguments': ['--quiet'],"
                        + " 'extra_arguments': {'patterns': ['--model=[a-z]+'], 'maximum': 3}, 'environment': ['HOME_OF_IT'],"
                        + " 'variables': {'A': 'b'}, 'folder': 'server', 'time_limit_seconds': 5, 'memory_mib': 2,"
                        + " 'maximum_running': 4, 'public_arguments': true, 'callers': 'tenant', 'detached': {'restart':"
                        + " 'on_failure', 'health': {'port': 8000}, 'start_seconds': 9, 'interval_seconds': 2}}"));

        assertThat(command.line(List.of("--model=a"))).containsExactly("/opt/server", "--quiet", "--model=a");
        assertThat(command.folder()).isEqualTo(Optional.of(Path.of("server")));
        assertThat(command.memoryBytes()).isEqualTo(2 << 20);
        assertThat(command.limit()).isEqualTo(Duration.ofSeconds(5));
        assertThat(command.callers()).isEqualTo(Callers.TENANT);
        assertThat(command.detached())
                .contains(new Detachment(
                        RestartPolicy.ON_FAILURE,
                        OptionalInt.of(8000),
                        List.of(),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null | null",
                "[] | ",
                "{'name': 'x', 'program': '/bin/true', 'argumnts': []} | argumnts",
                "{'name': 'x', 'program': '/bin/true', 'name': 'y'} | Duplicate",
                "{'program': '/bin/true'} | 'name'",
                "{'name': 'a b', 'program': '/bin/true'} | 'name'",
                "{'name': 'x'} | absolute",
                "{'name': 'x', 'program': 'true'} | absolute",
                "{'name': 'x', 'program': '/bin/true', 'extra_arguments': {'patterns': ['('], 'maximum': 1}} | regular",
                "{'name': 'x', 'program': '/bin/true', 'extra_arguments': {'patterns': [], 'maximum': 1}} | patterns",
                "{'name': 'x', 'program': '/bin/true', 'extra_arguments': {'patterns': ['a']}} | maximum",
                "{'name': 'x', 'program': '/bin/true', 'environment': ['A=b']} | variable",
                "{'name': 'x', 'program': '/bin/true', 'folder': '../up'} | 'folder'",
                "{'name': 'x', 'program': '/bin/true', 'folder': 'a/../..'} | 'folder'",
                "{'name': 'x', 'program': '/bin/true', 'folder': '/tmp'} | 'folder'",
                "{'name': 'x', 'program': '/bin/true', 'folder': '.'} | 'folder'",
                "{'name': 'x', 'program': '/bin/true', 'time_limit_seconds': 0} | time_limit_seconds",
                "{'name': 'x', 'program': '/bin/true', 'time_limit_seconds': '9'} | ",
                "{'name': 'x', 'program': '/bin/true', 'callers': 'network'} | callers",
                "{'name': 'x', 'program': '/bin/true', 'detached': {'health': {'port': 70000}}} | port",
                "{'name': 'x', 'program': '/bin/true', 'detached': {'health': {'command': ['true']}}} | absolute",
                "{'name': 'x', 'program': '/bin/true', 'detached': {'health': {'port': 1, 'command': ['/a']}}} | not both",
            })
    void whatIsWrongIsRefused(String json, String reason) {
        assertThatThrownBy(() -> CommandReader.read(json(json)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason == null ? "" : reason);
    }

    @Test
    void aBrokenFileTakesNoOtherCommandAway() throws IOException {
        Files.writeString(folder.resolve("bad.json"), "{");
        Files.writeString(folder.resolve("good.json"), json("{'name': 'good', 'program': '/bin/true'}"));
        Files.writeString(folder.resolve("README"), "no command");

        assertThat(new CommandCatalog(List.of(), folder).all())
                .extracting(Command::name)
                .containsExactly("good");
    }

    @Test
    void ofTwoWithOneNameNeitherIsRun() throws IOException {
        Files.writeString(folder.resolve("a.json"), json("{'name': 'twice', 'program': '/bin/true'}"));
        String configured = json("{'name': 'twice', 'program': '/bin/false'}");

        assertThat(new CommandCatalog(List.of(configured), folder).all()).isEmpty();
    }

    @Test
    void whatTheOperatorTakesAwayIsGoneAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), json("{'name': 'a', 'program': '/bin/true'}"));
        CommandCatalog catalog = new CommandCatalog(List.of(), folder);
        assertThat(catalog.find("a").name()).isEqualTo("a");

        Files.delete(file);

        assertThatThrownBy(() -> catalog.find("a")).hasMessageContaining("runs no command of that name");
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
