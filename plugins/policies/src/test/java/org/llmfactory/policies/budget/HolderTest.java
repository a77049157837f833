package org.llmfactory.policies.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HolderTest {
    @TempDir
    Path home;

    @Test
    void theAgentKeepsItsNameAndEveryInstanceHasItsOwn() {
        Holder first = Holder.of(home.resolve("agent.id"));
        Holder second = Holder.of(home.resolve("agent.id"));

        assertThat(second.agent()).isEqualTo(first.agent()).matches("agent-[0-9a-f]{24}");
        assertThat(second.run()).isEqualTo(first.run());
        assertThat(second.id()).isNotEqualTo(first.id());
    }

    @Test
    void anotherHomeIsAnotherAgent() {
        assertThat(Holder.of(home.resolve("a")).agent())
                .isNotEqualTo(Holder.of(home.resolve("b")).agent());
    }
}
