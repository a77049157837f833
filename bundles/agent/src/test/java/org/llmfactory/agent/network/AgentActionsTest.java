package org.llmfactory.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.testing.InMemoryPluginManager;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;

class AgentActionsTest {
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/central");

    private final InMemoryPluginManager plugins = new InMemoryPluginManager();

    @Test
    void pluginsAreListedAsTheyAre(@TempDir Path folder) throws Exception {
        plugins.deploy(Files.createFile(folder.resolve("hello.jar")));

        List<PluginListAction.Plugin> listed = new PluginListAction(plugins)
                .perform(CONTROLLER, new PluginListAction.Question())
                .plugins();

        assertThat(listed)
                .singleElement()
                .isEqualTo(PluginListAction.Plugin.of(plugins.list().get(0)));
    }

    @Test
    void anAgentAnswersToWhoeverReachesIt() {
        PingAction action = new PingAction();

        assertThat(action.callers()).isEqualTo(Callers.NETWORK);
        assertThat(action.perform(CONTROLLER, new PingAction.Ping()).uptime()).isPositive();
    }

    @Test
    void everyActionSaysWhatItsFieldsMean() {
        Stream<AgentAction<?, ?>> actions = Stream.of(new PingAction(), new PluginListAction(plugins));

        assertThat(actions).allSatisfy(action -> {
            assertThat(action.why()).endsWith(".");
            assertThat(Stream.of(action.arguments(), action.result())
                            .flatMap(type -> Arrays.stream(type.getRecordComponents())))
                    .allSatisfy(field -> assertThat(field.getAnnotation(Meaning.class))
                            .as(field.toString())
                            .isNotNull());
        });
    }
}
