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

final class EvalCommandTest {
    private static final String RUN = "GET /v1/evals/eval_1/runs/evalrun_1";

    @TempDir
    Path home;

    private ScriptedAgent agent;
    private String rows = "";

    @BeforeEach
    void start() throws IOException {
        rows = Files.writeString(home.resolve("rows.jsonl"), "{}\n").toString();
        agent = new ScriptedAgent(home)
                .on("POST /v1/files", "{\"id\": \"file-1\"}")
                .on("POST /v1/evals", "{\"id\": \"eval_1\"}")
                .on("POST /v1/evals/eval_1/runs", "{\"id\": \"evalrun_1\"}");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void shareOfRightAnswersIsToldWithItsInterval() {
        agent.on(
                RUN,
                "{\"status\": \"completed\", \"result_counts\": {\"total\": 4, \"passed\": 1, \"failed\": 2, \"errored\": 1},"
                        + " \"per_testing_criteria_results\": [{\"passed\": 1, \"failed\": 2, \"pass_rate\": {\"value\": 0.3333,"
                        + " \"interval_95\": [0.06, 0.79]}}]}");
        Result result = agent.run("eval", "run", rows, "--model", "pirate", "--by", "multiple_choice", "--chat");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("row 4 of 4", "1 of 3 right, 33.3 % (95 %: 6.0 to 79.0), 1 rows could not be measured");
        assertThat(agent.asked().get(0).text()).contains("evals");
        assertThat(agent.asked().get(2).text())
                .contains(
                        "\"model\":\"pirate\"", "\"format\":\"chat\"", "\"id\":\"file-1\"", "\"type\":\"likelihood\"");
    }

    @Test
    void lossIsToldPerToken() {
        agent.on(
                RUN,
                "{\"status\": \"completed\", \"llm_factory\": {\"likelihood\": {\"loss\": 1.25, \"perplexity\": 3.49,"
                        + " \"tokens\": 80}}}");
        Result result = agent.run("eval", "run", rows, "--model", "pirate", "--by", "loss");

        assertThat(result.out()).contains("Loss 1.2500, perplexity 3.490 over 80 tokens");
    }

    @Test
    void failureIsToldInTheAgentsWords() {
        agent.on(RUN, "{\"status\": \"failed\", \"error\": {\"message\": \"There is no model 'x'.\"}}");
        Result result = agent.run("eval", "run", rows, "--model", "x", "--by", "loss");

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("evalrun_1 has failed: There is no model 'x'.");
    }

    @Test
    void unknownMeasureIsRefusedBeforeAnythingIsUploaded() {
        Result result = agent.run("eval", "run", rows, "--model", "x", "--by", "charm");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(agent.asked()).isEmpty();
    }
}
