package org.llmfactory.launcher.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentStateTest {
    @TempDir
    Path home;

    @Test
    void whatIsWrittenIsRead() throws Exception {
        AgentState state = new AgentState(42, 1_700_000_000_000L, 8080, "all-in-one");

        state.write(home);

        assertThat(AgentState.read(home)).contains(state);
        assertThat(state.url()).isEqualTo("http://127.0.0.1:8080");
    }

    @Test
    void anEmptyHomeAndACutOffNoteHaveNoState() throws Exception {
        assertThat(AgentState.read(home)).isEmpty();

        Files.writeString(home.resolve("agent.json"), "{\"pid\": 4");

        assertThat(AgentState.read(home)).isEmpty();
    }

    @Test
    void anotherProcessWithTheSameIdIsNotTheAgent() {
        ProcessHandle self = ProcessHandle.current();
        long started = self.info().startInstant().orElseThrow().toEpochMilli();

        assertThat(new AgentState(self.pid(), started, 8080, "all-in-one").process())
                .contains(self);
        assertThat(new AgentState(self.pid(), started - 1000, 8080, "all-in-one").process())
                .isEmpty();
    }
}
