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

final class MixtureCommandTest {
    private static final String PATH = "/v1/mixtures/searches";

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
                .on("POST " + PATH, "{\"id\": \"mixsearch_1\"}");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void reportSaysHowGoodTheBestWeightsAre() {
        String share = "{\"value\": %s, \"interval_95\": [%s, %s]}";
        agent.on(
                "GET " + PATH + "/mixsearch_1",
                "{\"status\": \"completed\", \"preset\": \"preset_1\", \"trial_counts\": {\"total\": 3, \"done\": 3},"
                        + " \"report\": {\"weights\": {\"one\": 0.75}, \"test\": {\"questions\": 40, \"base\": "
                        + share.formatted("0.25", "0.14", "0.4") + ", \"mixture\": "
                        + share.formatted("0.5", "0.35", "0.65")
                        + ", \"adapters\": {\"one\": " + share.formatted("0.4", "0.26", "0.55")
                        + "}, \"mixture_against_base\": {\"p_value\": 0.002}}}}");
        Result result = agent.run(
                "mixture",
                "search",
                "--model",
                "m",
                "--adapter",
                "one",
                "--adapter",
                "ft:m:o:s:1:-0.5:1.5",
                "--validation",
                rows,
                "--test",
                rows,
                "--trials",
                "3",
                "--preset",
                "melt");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains(
                        "one  0.75",
                        "Of 40 test questions",
                        "mixture   50.0 % (95 %: 35.0 to 65.0)",
                        "p = 0.002",
                        "Saved as preset_1");
        assertThat(agent.asked().get(0).text()).contains("evals");
        assertThat(agent.asked().get(2).text())
                .contains(
                        "{\"id\":\"one\"}",
                        "\"id\":\"ft:m:o:s:1\"",
                        "\"low\":-0.5",
                        "\"high\":1.5",
                        "\"validation_files\":[\"file-1\"]",
                        "\"test_files\":[\"file-2\"]",
                        "\"preset\":\"melt\"",
                        "\"trials\":3");
    }

    @Test
    void searchesAreListedAndCancelled() {
        agent.on(
                        "GET " + PATH,
                        "{\"data\": [{\"id\": \"mixsearch_1\", \"status\": \"in_progress\", \"model\": \"m\"}]}")
                .on(
                        "GET " + PATH + "/mixsearch_1/trials",
                        "{\"data\": [{\"number\": 0, \"value\": 0.5, \"loss\": 1.2}]}")
                .on("POST " + PATH + "/mixsearch_1/cancel", "{\"id\": \"mixsearch_1\"}");

        assertThat(agent.run("mixture", "list").out()).contains("mixsearch_1", "in_progress");
        assertThat(agent.run("mixture", "trials", "mixsearch_1").out()).contains("0.5");
        assertThat(agent.run("mixture", "cancel", "mixsearch_1").out()).contains("Cancelled mixsearch_1");
    }
}
