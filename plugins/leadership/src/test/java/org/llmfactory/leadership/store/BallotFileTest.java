package org.llmfactory.leadership.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.leadership.election.Ballot;

class BallotFileTest {
    @TempDir
    private Path home;

    @Test
    void thereIsNoneAtFirst() throws IOException {
        assertThat(file().read()).isEqualTo(Ballot.NONE);
    }

    @Test
    void readsWhatAnEarlierProcessWrote() throws IOException {
        Ballot voted = new Ballot(7, Optional.of(AgentAddress.parse("platform/c1")));
        Ballot learned = new Ballot(8, Optional.empty());

        file().write(voted);
        assertThat(file().read()).isEqualTo(voted);
        file().write(learned);

        assertThat(file().read()).isEqualTo(learned);
        try (var entries = Files.list(home.resolve("network"))) {
            assertThat(entries).containsExactly(home.resolve("network/leadership.json"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"epoch\":\"x\"}", "{\"epoch\":1,\"vote\":\"nobody\"}"})
    void oneThatIsDamagedIsNotTakenForNone(String content) throws IOException {
        Files.createDirectories(home.resolve("network"));
        Files.writeString(home.resolve("network/leadership.json"), content);

        assertThatThrownBy(() -> file().read()).isInstanceOf(IOException.class).hasMessageContaining("Remove the file");
    }

    private BallotFile file() {
        return new BallotFile(home.resolve("network/leadership.json"));
    }
}
