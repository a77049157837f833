package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.command.ScriptedAgent.Asked;
import org.llmfactory.launcher.command.ScriptedAgent.Result;
import org.llmfactory.launcher.terminal.Terminal;

class BenchCommandTest {
    private static final String PROJECT = "/v1/organization/projects/proj_1";

    @TempDir
    Path home;

    private ScriptedAgent agent;

    @BeforeEach
    void start() throws IOException {
        agent = new ScriptedAgent(home)
                .on("POST /v1/organization/projects", "{\"id\": \"proj_1\"}")
                .on("POST " + PROJECT + "/rate_limits/rl-*", "{}")
                .on("POST " + PROJECT + "/budget", "{}")
                .on("POST " + PROJECT + "/settings", "{}")
                .on("POST " + PROJECT + "/service_accounts", "{\"api_key\": {\"value\": \"sk-svcacct-bench\"}}")
                .on("POST " + PROJECT + "/archive", "{}")
                .on("POST /v1/content_policies", "{\"id\": \"policy_1\"}")
                .on("DELETE /v1/content_policies/policy_1", "{}")
                .on("POST /v1/chat/completions", "{}");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void theGatewaysChecksAreMeasuredOnTheRunningAgentAndNothingIsLeft() throws IOException {
        agent.header("Server-Timing", "auth;dur=0.1, policy;dur=0.1, limit;dur=0.1, audit;dur=0.1");

        Result result = agent.run("bench", "gateway", "--requests", "3", "--clients", "2", "--json");

        assertThat(result.exitCode()).isZero();
        assertThat(Terminal.JSON
                        .readTree(result.out())
                        .path("checks")
                        .path("sum_median_ms")
                        .asDouble())
                .isEqualTo(0.4);
        assertThat(asked("sk-svcacct-bench")).isEqualTo(asked("administrator")).isEqualTo(9);
        assertThat(ended()).containsExactly("DELETE /v1/content_policies/policy_1", "POST " + PROJECT + "/archive");
    }

    @Test
    void nothingIsLeftWhenTheMeasurementFails() {
        Result result = agent.run("bench", "gateway", "--requests", "3", "--clients", "2");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("Server-Timing");
        assertThat(ended()).containsExactly("DELETE /v1/content_policies/policy_1", "POST " + PROJECT + "/archive");
    }

    @Test
    void numbersOfAgentsComeInAscendingOrder() {
        Result result = agent.run("bench", "network", "--agents", "200,50");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("in ascending order");
        assertThat(agent.asked()).isEmpty();
    }

    private long asked(String key) {
        return agent.asked().stream()
                .filter(asked -> asked.line().equals("POST /v1/chat/completions"))
                .filter(asked -> ("Bearer " + key).equals(asked.key()))
                .count();
    }

    private List<String> ended() {
        List<String> lines = agent.asked().stream().map(Asked::line).toList();
        return lines.subList(lines.size() - 2, lines.size());
    }
}
