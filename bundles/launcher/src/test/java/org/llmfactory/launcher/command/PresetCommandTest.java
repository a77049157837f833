package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.command.ScriptedAgent.Result;

class PresetCommandTest {
    @TempDir
    Path home;

    private ScriptedAgent agent;

    @BeforeEach
    void start() throws IOException {
        agent = new ScriptedAgent(home)
                .on(
                        "GET /v1/organization/projects",
                        "{\"data\": [{\"id\": \"proj_1\", \"name\": \"research\"}], \"has_more\": false}");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void optionsMakeAPreset() {
        agent.on("POST /v1/presets", "{\"id\": \"preset_1\", \"version\": 1}");

        agent.run(
                "preset",
                "create",
                "sailor",
                "--base",
                "m",
                "--adapter",
                "pirate:0.7,plain",
                "--temperature",
                "0.2",
                "--stop",
                "a",
                "--stop",
                "b",
                "--project",
                "research");

        assertThat(agent.last().project()).isEqualTo("proj_1");
        assertThat(agent.last().text())
                .isEqualTo("{\"base\":\"m\",\"adapters\":[{\"id\":\"pirate\",\"weight\":0.7},"
                        + "{\"id\":\"plain\",\"weight\":1.0}],\"parameters\":{\"temperature\":0.2,"
                        + "\"stop\":[\"a\",\"b\"]},\"name\":\"sailor\"}");
    }

    @Test
    void optionsGoOverAFile() throws IOException {
        agent.on("POST /v1/presets/sailor", "{\"version\": 2}");
        Path file = Files.writeString(
                home.resolve("preset.json"), "{\"base\": \"m\", \"parameters\": {\"temperature\": 1, \"seed\": 7}}");

        Result result =
                agent.run("preset", "update", "sailor", "--file", file.toString(), "--temperature", "0", "--base", "n");

        assertThat(result.out()).isEqualTo("sailor has version 2 now\n");
        assertThat(agent.last().text()).isEqualTo("{\"base\":\"n\",\"parameters\":{\"temperature\":0.0,\"seed\":7}}");
    }

    @Test
    void aFileThatIsNoObjectIsRefused() throws IOException {
        Path list = Files.writeString(home.resolve("list.json"), "[]");
        Path broken = Files.writeString(home.resolve("broken.json"), "{\n\"base\": }");

        assertThat(agent.run("preset", "create", "x", "--file", list.toString()).err())
                .contains("holds no JSON object");
        assertThat(agent.run("preset", "create", "x", "--file", broken.toString())
                        .err())
                .contains("line 2");
        assertThat(agent.run("preset", "create", "x", "--file", "/nonexistent").exitCode())
                .isEqualTo(1);
    }
}
