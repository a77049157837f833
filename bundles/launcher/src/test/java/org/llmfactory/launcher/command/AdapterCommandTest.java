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

class AdapterCommandTest {
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
    void anAdapterIsAddedToAProjectWithItsVisibility() throws IOException {
        agent.on("POST /v1/adapters", "{\"id\": \"a-1\", \"name\": \"pirate\", \"visibility\": \"project\"}");
        Path folder = Files.createDirectory(home.resolve("pirate"));
        Files.writeString(folder.resolve("adapter_config.json"), "{}");
        Files.writeString(folder.resolve("adapter_model.safetensors"), "weights");

        Result result = agent.run(
                "adapter",
                "add",
                "pirate",
                folder.toString(),
                "--base",
                "m",
                "--project",
                "research",
                "--visibility",
                "project");

        assertThat(result.exitCode()).isZero();
        assertThat(agent.last().project()).isEqualTo("proj_1");
        assertThat(agent.last().text()).contains("name=\"visibility\"", "weights");
    }

    @Test
    void sharingPublishingAndHidingAreVisibilities() {
        agent.on("POST /v1/adapters/pirate", "{}");

        agent.run("adapter", "share", "pirate");
        agent.run("adapter", "publish", "pirate");
        agent.run("adapter", "hide", "pirate");

        assertThat(agent.asked().stream()
                        .map(asked -> asked.body().path("visibility").asText()))
                .containsExactly("project", "public", "private");
    }

    @Test
    void aFolderWithoutAnAdapterIsRefused() {
        Result result = agent.run("adapter", "add", "pirate", home.toString(), "--base", "m");

        assertThat(result.err()).contains("adapter_model.safetensors");
        assertThat(result.exitCode()).isEqualTo(1);
    }
}
