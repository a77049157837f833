package org.llmfactory.launcher.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.LauncherException;

final class AgentPropertiesTest {
    @TempDir
    Path home;

    @Test
    void withoutTheFileNothingIsSaid() {
        assertThat(AgentProperties.arguments(home)).isEmpty();
    }

    @Test
    void eachLineIsASystemPropertyOfTheAgent() throws IOException {
        write("""
                # the database
                llmfactory.database.url = jdbc:postgresql://127.0.0.1/llmfactory?sslmode=require
                llmfactory.database.user=people & robots
                """);

        assertThat(AgentProperties.arguments(home))
                .containsExactly(
                        "-Dllmfactory.database.url=jdbc:postgresql://127.0.0.1/llmfactory?sslmode=require",
                        "-Dllmfactory.database.user=people & robots");
    }

    @Test
    void aKeyThatIsNoneIsRefused() throws IOException {
        write("two\\\\ words=1\n");

        assertThatThrownBy(() -> AgentProperties.arguments(home)).isInstanceOf(LauncherException.class);
    }

    @Test
    void whatTheLauncherSaysItselfIsRefused() throws IOException {
        write("llmfactory.home=/elsewhere\n");

        assertThatThrownBy(() -> AgentProperties.arguments(home))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("--home");
    }

    @Test
    void aLineEndInATextIsRefused() throws IOException {
        write("a.key=one\\ntwo\n");

        assertThatThrownBy(() -> AgentProperties.arguments(home)).isInstanceOf(LauncherException.class);
    }

    @Test
    void aPasswordMustNotBeReadByOthers() throws IOException {
        Path file = write("some.password=hidden\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> AgentProperties.arguments(home))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("chmod 600")
                .hasMessageNotContaining("hidden");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(AgentProperties.arguments(home)).containsExactly("-Dsome.password=hidden");
    }

    @Test
    void theNameOfAPasswordFileIsNoSecret() throws IOException {
        Path file = write("llmfactory.database.passwordFile=/etc/llmfactory/password\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(AgentProperties.arguments(home))
                .containsExactly("-Dllmfactory.database.passwordFile=/etc/llmfactory/password");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(home.resolve("agent.properties"), text);
    }
}
