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

final class SearchCommandTest {
    private static final String PATH = "/v1/fine_tuning/searches";

    @TempDir
    Path home;

    private ScriptedAgent agent;
    private String rows = "";

    @BeforeEach
    void start() throws IOException {
        rows = Files.writeString(home.resolve("rows.jsonl"), "{}\n").toString();
        agent = new ScriptedAgent(home)
                .on("POST /v1/files", "{\"id\": \"file-1\"}")
                .on("POST /v1/files", "{\"id\": \"file-2\"}")
                .on("POST " + PATH, "{\"id\": \"ftsearch-1\"}");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void whatIsVariedIsSaidInShort() {
        agent.on("GET " + PATH + "/ftsearch-1", "{\"status\": \"succeeded\", \"best\": {\"trial\": 3}}");
        Result result = agent.run(
                "search",
                "create",
                rows,
                "--validation",
                rows,
                "--model",
                "m",
                "--vary",
                "learning_rate=1e-5..1e-2:log",
                "--vary",
                "lora.rank=4,8",
                "--vary",
                "schedule=linear,cosine",
                "--trials",
                "4",
                "--prune",
                "--wait");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("Best: {\"trial\":3}");
        assertThat(agent.asked().get(2).text())
                .contains(
                        "\"training_file\":\"file-1\",\"validation_file\":\"file-2\"",
                        "{\"name\":\"learning_rate\",\"low\":1.0E-5,\"high\":0.01,\"scale\":\"log\"}",
                        "{\"name\":\"lora.rank\",\"values\":[4,8]}",
                        "{\"name\":\"schedule\",\"values\":[\"linear\",\"cosine\"]}",
                        "\"pruning\":\"successive_halving\"",
                        "\"trials\":4");
    }

    @Test
    void trialsAreListed() {
        agent.on(
                "GET " + PATH + "/ftsearch-1/trials",
                "{\"data\": [{\"number\": 0, \"job\": \"ftjob-1\", \"status\": \"done\", \"valid_loss\": 1.5}]}");

        assertThat(agent.run("search", "trials", "ftsearch-1").out()).contains("ftjob-1", "1.5");
    }
}
