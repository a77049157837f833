package org.llmfactory.agent.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentHomeTest {
    @TempDir
    Path folder;

    @Test
    void theHomeIsMadeForItsOwnerOnly() throws Exception {
        AgentHome home = new AgentHome(folder.resolve("a/home"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.root())))
                .isEqualTo("rwx------");
        assertThat(home.models()).isEqualTo(home.root().resolve("models"));
    }
}
