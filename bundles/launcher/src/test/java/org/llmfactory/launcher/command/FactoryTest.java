package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FactoryTest {
    @TempDir
    Path home;

    private final StringWriter err = new StringWriter();

    @Test
    void aWrongCallExplainsItselfAndEndsWithTwo() {
        assertThat(run("bogus")).isEqualTo(2);
        assertThat(err.toString()).contains("bogus");
        assertThat(run("adapter", "add", "pirate", "dir")).isEqualTo(2);
        assertThat(err.toString()).contains("--base");
    }

    @Test
    void withoutAnAgentStatusFailsAndDownHasNothingToDo() {
        assertThat(run("status", "--home", home.toString())).isEqualTo(1);
        assertThat(run("down", "--home", home.toString())).isZero();
        assertThat(run("plugin", "list", "--home", home.toString())).isEqualTo(1);
    }

    @Test
    void optionsMayStandBeforeAndAfterTheCommand() {
        assertThat(run("--home", home.toString(), "down", "--json")).isZero();
    }

    private int run(String... arguments) {
        CommandLine commandLine = Factory.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
