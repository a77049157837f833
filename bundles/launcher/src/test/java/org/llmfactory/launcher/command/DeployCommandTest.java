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

class DeployCommandTest {
    private static final String HELLO = "/admin/deployments/hello";

    @TempDir
    Path home;

    private ScriptedAgent agent;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        agent = new ScriptedAgent(home);
        file = Files.writeString(home.resolve("hello.json"), "{\"name\": \"hello\", \"plugins\": []}");
        agent.on("POST /admin/deployments/plan", """
                {"name": "hello", "revision": 2, "ignored": ["'edges'"], "removed": [], "plugins": [
                  {"plugin": "org.acme.hello", "version": "1.0.0", "wanted": "everywhere", "missing": 1,
                   "agents": [{"agent": "shared/node-1", "step": "deploy"}],
                   "others": [{"agent": "shared/node-2", "reason": "has no graphics processor"}]}]}""");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void aPlanIsShownWithItsReasons() {
        Result result = agent.run("deploy", "plan", file.toString());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains(
                        "hello, revision 2",
                        "org.acme.hello 1.0.0, wanted: everywhere",
                        "deploy",
                        "shared/node-1",
                        "1 missing",
                        "has no graphics processor",
                        "Ignored: 'edges'");
        assertThat(agent.last().line()).isEqualTo("POST /admin/deployments/plan");
    }

    @Test
    void whatIsAppliedIsFollowedUntilItRuns() {
        agent.on("PUT " + HELLO, deployment(2, "rolling", "planned", ""))
                .on("GET " + HELLO, deployment(2, "rolling", "deploying", ""))
                .on("GET " + HELLO, deployment(2, "deployed", "active", ""));

        Result result = agent.run("deploy", "apply", file.toString());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("shared/node-1 deploying", "shared/node-1 active", "hello has revision 2 now");
    }

    @Test
    void whatIsTakenBackEndsWithOneAndTheReason() {
        agent.on("PUT " + HELLO, deployment(2, "rolling", "planned", ""))
                .on("GET " + HELLO, deployment(3, "rolling", "active", ""))
                .on(
                        "GET " + HELLO,
                        deployment(3, "deployed", "active", "On shared/node-1: it is not well")
                                .replace("\"rolled_back_from\": 0", "\"rolled_back_from\": 2"));

        Result result = agent.run("deploy", "apply", file.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("Revision 2 failed and was taken back", "it is not well");
    }

    @Test
    void whatIsHaltedEndsWithOne() {
        agent.on("PUT " + HELLO, deployment(1, "halted", "failed", "On shared/node-1: no"));

        Result result = agent.run("deploy", "apply", file.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("nothing more is done for it");
    }

    @Test
    void whoDoesNotWantToWaitDoesNot() {
        agent.on("PUT " + HELLO, deployment(2, "rolling", "planned", ""));

        Result result = agent.run("deploy", "apply", file.toString(), "--wait", "0s", "--json");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("\"state\":\"rolling\"");
        assertThat(result.err()).contains("./factory deploy status hello");
    }

    @Test
    void theStatusEndsWithOneUntilEverythingRuns() {
        agent.on("GET " + HELLO, deployment(2, "rolling", "lost", ""))
                .on("GET " + HELLO, deployment(2, "deployed", "active", ""));

        Result rolling = agent.run("deploy", "status", "hello");
        Result deployed = agent.run("deploy", "status", "hello");

        assertThat(rolling.exitCode()).isEqualTo(1);
        assertThat(rolling.out()).contains("hello is rolling, revision 2", "lost");
        assertThat(deployed.exitCode()).isZero();
    }

    @Test
    void withoutANameAllAreListed() {
        agent.on("GET /admin/deployments", "{\"data\": [" + deployment(2, "deployed", "active", "") + "]}");

        assertThat(agent.run("deploy", "status").out()).contains("hello", "deployed");
    }

    @Test
    void aWayBackIsFollowedToo() {
        agent.on("POST " + HELLO + "/rollback", deployment(3, "rolling", "planned", ""))
                .on("GET " + HELLO, deployment(3, "deployed", "active", ""));

        Result result = agent.run("deploy", "rollback", "hello");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("hello has revision 3 now");
    }

    @Test
    void aRemovalIsFollowedUntilNothingIsLeft() {
        agent.on("DELETE " + HELLO, deployment(2, "removing", "active", ""))
                .on("GET /admin/deployments", "{\"data\": [" + deployment(2, "removing", "removing", "") + "]}")
                .on("GET /admin/deployments", "{\"data\": []}");

        Result result = agent.run("deploy", "remove", "hello");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("shared/node-1 removing", "Removed hello");
    }

    @Test
    void theHistoryIsAList() {
        agent.on("GET " + HELLO + "/revisions", "{\"data\": [{\"revision\": 1, \"outcome\": \"failed\"}]}");

        assertThat(agent.run("deploy", "history", "hello").out()).contains("failed");
    }

    private static String deployment(int revision, String state, String ofAgent, String reason) {
        return """
                {"name": "hello", "revision": %d, "state": "%s", "reason": "%s", "rolled_back_from": 0, "ignored": [],
                 "plugins": [{"plugin": "org.acme.hello", "version": "1.0.0", "wanted": 1, "missing": 0, "others": [],
                   "agents": [{"agent": "shared/node-1", "plugin": "org.acme.hello", "state": "%s", "reason": ""}]}],
                 "surplus": []}""".formatted(revision, state, reason, ofAgent);
    }
}
