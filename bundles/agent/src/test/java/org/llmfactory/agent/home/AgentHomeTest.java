package org.llmfactory.agent.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
        AgentHome home = new AgentHome(folder.resolve("a/home"), null);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.root())))
                .isEqualTo("rwx------");
        assertThat(home.models()).isEqualTo(home.root().resolve("models"));
    }

    @Test
    void secretsLieInTheHomeOrInAFolderThatAgentsShare() throws IOException {
        Path home = folder.resolve("home");
        Path shared = folder.resolve("shared");

        assertThat(new AgentHome(home, null).secrets()).isEqualTo(home.resolve("secrets"));
        assertThat(new AgentHome(home, "").secrets()).isEqualTo(home.resolve("secrets"));
        assertThat(new AgentHome(home, shared.toString()).secrets()).isEqualTo(shared);
    }
}
