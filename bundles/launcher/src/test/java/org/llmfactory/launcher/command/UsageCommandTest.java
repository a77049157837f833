package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.command.ScriptedAgent.Result;

class UsageCommandTest {
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
    void bucketsOfAllPagesAreAddedUp() {
        agent.on("GET /v1/organization/usage/completions", """
                {"data": [{"start_time": 1700006400, "results": [
                  {"num_model_requests": 2, "input_tokens": 30, "input_cached_tokens": 16, "output_tokens": 5,
                   "project_id": "proj_1"}]},
                  {"start_time": 1700092800, "results": []}], "has_more": true, "next_page": "p 2"}
                """).on("GET /v1/organization/usage/completions", """
                {"data": [{"start_time": 1700179200, "results": [
                  {"num_model_requests": 1, "input_tokens": 10, "output_tokens": 1, "project_id": "proj_2"}]}],
                 "has_more": false, "next_page": null}
                """);

        Result result = agent.run("usage", "--by", "project", "--since", "7d");

        assertThat(result.out().lines())
                .containsExactly(
                        "from                  project  requests  input  of it cached  output",
                        "2023-11-15T00:00:00Z  proj_1   2         30     16            5",
                        "2023-11-17T00:00:00Z  proj_2   1         10     0             1",
                        "in all                         3         40     16            6");
        assertThat(agent.last().line()).contains("bucket_width=1d", "group_by%5B%5D=project_id", "page=p%202");
    }

    @Test
    void anUnknownDimensionIsAWrongCall() {
        Result result = agent.run("usage", "--by", "colour");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("ADAPTER");
    }
}
