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

class PolicyCommandTest {
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
    void aPolicyIsMadeOfAFileAndAName() throws IOException {
        agent.on("POST /v1/content_policies", "{\"name\": \"strict\"}");
        Path file = Files.writeString(home.resolve("strict.json"), "{\"rules\": []}");

        agent.run("policy", "create", "strict", "--file", file.toString(), "--project", "research", "--organization");

        assertThat(agent.last().project()).isEqualTo("proj_1");
        assertThat(agent.last().text()).isEqualTo("{\"rules\":[],\"name\":\"strict\",\"scope\":\"organization\"}");
    }

    @Test
    void aTextThatIsStoppedEndsWithOne() {
        agent.on("POST /v1/content_policies/strict/check", "{\"verdict\": \"redacted\", \"output\": \"[card]\"}")
                .on("POST /v1/content_policies/strict/check", "{\"verdict\": \"blocked\"}");

        Result redacted = agent.run("policy", "check", "strict", "4111", "--output");
        Result blocked = agent.run("policy", "check", "strict", "bluebird");

        assertThat(redacted.exitCode()).isZero();
        assertThat(redacted.out()).contains("output   [card]");
        assertThat(agent.asked().get(0).body().path("on").asText()).isEqualTo("output");
        assertThat(blocked.exitCode()).isEqualTo(1);
    }
}
