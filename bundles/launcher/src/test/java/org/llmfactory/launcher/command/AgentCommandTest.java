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

class AgentCommandTest {
    private static final String MEMBER =
            "{\"member\": true, \"address\": \"shared/node-1\", \"region\": \"central\", \"expires_at\": 1700000000}";

    @TempDir
    Path home;

    private ScriptedAgent agent;

    @BeforeEach
    void start() throws IOException {
        agent = new ScriptedAgent(home);
        agent.on("GET /health", "{}");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void theTokenIsAloneOnTheLastLine() {
        agent.on(
                "POST /admin/network/tokens",
                "{\"id\": \"1\", \"kind\": \"node\", \"tenant\": \"shared\", \"expires_at\": 1, \"token\": \"lf-join-secret\"}");

        Result result = agent.run("agent", "token");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).last().isEqualTo("lf-join-secret");
        assertThat(result.out()).contains("--join http://HOST:");
        assertThat(agent.last().body().toString()).isEqualTo("{\"kind\":\"node\"}");
    }

    @Test
    void aTokenForAProjectsNodeSaysAll() {
        agent.on(
                        "GET /v1/organization/projects",
                        "{\"data\": [{\"id\": \"proj_1\", \"name\": \"research\"}], \"has_more\": false}")
                .on("POST /admin/network/tokens", "{\"token\": \"lf-join-secret\"}");

        Result result = agent.run("agent token --tenant research --name gpu-1 --valid 30m --json".split(" ", -1));

        assertThat(agent.last().body().toString())
                .isEqualTo("{\"kind\":\"node\",\"tenant\":\"proj_1\",\"name\":\"gpu-1\",\"valid_seconds\":1800}");
        assertThat(result.out()).isEqualTo("{\"token\":\"lf-join-secret\"}\n");
    }

    @Test
    void aControllerBelongsToNoTenant() {
        agent.on("POST /admin/network/tokens", "{\"token\": \"lf-join-secret\"}");

        assertThat(agent.run("agent", "token", "--kind", "controller", "--tenant", "shared")
                        .exitCode())
                .isEqualTo(2);
        assertThat(agent.asked()).isEmpty();
        assertThat(agent.run("agent", "token", "--kind", "controller").exitCode())
                .isZero();
        assertThat(agent.last().body().toString()).isEqualTo("{\"kind\":\"controller\"}");
    }

    @Test
    void tokensAreListedAndTakenBack() {
        agent.on("GET /admin/network/tokens", "{\"data\": [{\"id\": \"ab12\", \"state\": \"open\"}]}")
                .on("DELETE /admin/network/tokens/ab12", "{\"state\": \"revoked\"}");

        assertThat(agent.run("agent", "tokens").out()).contains("ab12", "open");
        assertThat(agent.run("agent", "tokens", "--revoke", "ab12").out()).isEqualTo("Took back ab12\n");
    }

    @Test
    void anAgentIsRevokedOrForgottenByItsAddress() {
        agent.on("POST /admin/network/agents/shared/node-1/revoke", "{}")
                .on("DELETE /admin/network/agents/shared/node-1", "{\"deleted\": true}");

        assertThat(agent.run("agent", "revoke", "shared/node-1").out()).isEqualTo("Revoked shared/node-1\n");
        assertThat(agent.run("agent", "revoke", "shared/node-1", "--forget").exitCode())
                .isZero();
        assertThat(agent.run("agent", "revoke", "node-1").err()).contains("is no agent's address");
    }

    @Test
    void theMembershipIsShownAndLeft() {
        agent.on("GET /admin/network", MEMBER).on("DELETE /admin/network", "{\"controller_told\": false}");

        assertThat(agent.run("agent", "status").out()).contains("shared/node-1", "central", "2023-11-14");
        assertThat(agent.run("agent", "leave").out()).contains("no controller heard of it");
    }

    @Test
    void theAgentsAreListedAndShown() {
        String one =
                "{\"object\": \"agent\", \"address\": \"shared/node-1\", \"alive\": true, \"feature\": \"cpu-node\","
                        + " \"region\": \"central\", \"labels\": {\"rack\": \"7\"}, \"hardware\": {\"cores\": 8,"
                        + " \"memory_bytes\": 4294967296, \"gpus\": [{\"name\": \"H200\", \"memory_bytes\":"
                        + " 149250113536}]}, \"engines\": [{\"model\": \"tiny\", \"resident_adapters\": [\"a\","
                        + " \"b\"]}], \"load\": {\"processor\": 0.25, \"memory_free_bytes\": 1610612736},"
                        + " \"plugins\": [{\"symbolic_name\": \"org.llmfactory.inference\"}],"
                        + " \"heard_at\": 1700000000}";
        agent.on("GET /admin/agents", "{\"object\": \"list\", \"data\": [" + one + "]}")
                .on("GET /admin/agents/shared/node-1", one);

        assertThat(agent.run("agent", "list").out())
                .contains("shared/node-1", "alive", "cpu-node", "central", "rack=7", "8", "25 %", "tiny", "2023-11-14");
        assertThat(agent.run("agent", "show", "shared/node-1").out())
                .contains(
                        "memory      1.5 of 4.0 GiB free", "gpus        H200 (139.0 GiB)", "2 in memory", "inference");
    }

    @Test
    void anAgentWithoutGraphicsProcessorsAndModelsSaysSo() {
        agent.on("GET /admin/agents/shared/node-1", "{\"address\": \"shared/node-1\"}");

        assertThat(agent.run("agent", "show", "shared/node-1").out())
                .contains("gpus        none", "It serves no model.");
    }

    @Test
    void whereNobodyReportsTheListSaysHowToChangeThat() {
        agent.on("GET /admin/agents", "{\"object\": \"list\", \"data\": []}");

        assertThat(agent.run("agent", "list").out()).contains("./factory agent token");
    }

    @Test
    void aTunnelIsOpenedListedAndClosed() {
        String tunnel = "{\"id\": \"t1\", \"object\": \"tunnel\", \"agent\": \"shared/node-1\","
                + " \"target\": \"db:5432\", \"host\": \"127.0.0.1\", \"port\": 40123, \"bytes\": 7}";
        agent.on("POST /admin/tunnels", tunnel)
                .on("GET /admin/tunnels", "{\"object\": \"list\", \"data\": [" + tunnel + "]}")
                .on("DELETE /admin/tunnels/t1", "{\"deleted\": true}");

        assertThat(agent.run("agent", "tunnel", "shared/node-1", "db:5432").out())
                .endsWith("\n127.0.0.1:40123\n");
        assertThat(agent.last().body().path("port").asInt()).isZero();
        assertThat(agent.run("agent", "tunnels").out()).contains("t1", "db:5432", "40123");
        assertThat(agent.run("agent", "tunnels", "--close", "t1").out()).isEqualTo("Closed t1\n");
    }

    @Test
    void anActionIsCalledWithItsArguments() {
        agent.on("POST /admin/agents/shared/node-1/actions/agent.ping", "{\"uptime\": \"PT5S\"}");

        Result result = agent.run("agent", "call", "shared/node-1", "agent.ping", "{\"a\": 1}");

        assertThat(agent.last().body().toString()).isEqualTo("{\"a\":1}");
        assertThat(result.out()).contains("PT5S");
        agent.run("agent", "call", "shared/node-1", "agent.ping");
        assertThat(agent.last().body().toString()).isEqualTo("{}");
        assertThat(agent.run("agent", "call", "shared/node-1", "agent.ping", "[1]")
                        .err())
                .contains("What stands behind the action holds no JSON object");
    }

    @Test
    void withoutAnActionThoseThatThereAreDescribeThemselves() {
        agent.on("GET /admin/agents/shared/node-1/actions", """
                {"data": [{"name": "plugin.withdraw", "why": "Removes a plugin.",
                  "parameters": [{"name": "symbolic_name", "type": "string", "meaning": "which"}],
                  "returns": [{"name": "removed", "type": "boolean", "meaning": "whether"}]}]}
                """);

        assertThat(agent.run("agent", "call", "shared/node-1").out())
                .contains("plugin.withdraw  Removes a plugin.", "takes symbolic_name (string): which", "gives removed");
    }

    @Test
    void aStartedAgentJoinsWithTheTokenOfAFile() throws IOException {
        Path file = Files.writeString(home.resolve("token.txt"), "lf-join-secret\n");
        agent.on("GET /admin/network", "{\"member\": false, \"labels\": {}}")
                .on("POST /admin/network", MEMBER)
                .on("PUT /admin/network/labels", MEMBER);

        Result result = agent.run(
                "up",
                "--join",
                "http://controller:8080",
                "--token-file",
                file.toString(),
                "--name",
                "node-1",
                "--label",
                "rack=7",
                "--label",
                "zone=b");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("in the network as:   shared/node-1");
        assertThat(agent.asked().stream().filter(asked -> asked.line().equals("POST /admin/network")))
                .singleElement()
                .satisfies(asked -> assertThat(asked.body().toString())
                        .isEqualTo("{\"url\":\"http://controller:8080\",\"token\":\"lf-join-secret\","
                                + "\"name\":\"node-1\"}"));
        assertThat(agent.last().body().toString()).isEqualTo("{\"rack\":\"7\",\"zone\":\"b\"}");
    }

    @Test
    void aMemberNeedsNoTokenToBeStartedAgain() {
        agent.on("GET /admin/network", MEMBER.replace("1700000000", "4000000000"));

        Result result = agent.run("up", "--join", "http://controller:8080");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("shared/node-1, since before");
    }

    @Test
    void aMemberWhoseCertificateHasEndedComesBackWithANewToken() {
        agent.on("GET /admin/network", MEMBER).on("POST /admin/network", MEMBER);

        Result refused = agent.run("up", "--join", "http://controller:8080");
        assertThat(refused.err()).contains("./factory agent token");
        Result result = agent.run("up", "--join", "http://controller:8080", "--token", "lf-join-secret");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(agent.last().body().path("token").asText()).isEqualTo("lf-join-secret");
    }

    @Test
    void withoutATokenItIsSaidWhereToGetOne() {
        agent.on("GET /admin/network", "{\"member\": false}");

        Result result = agent.run("up", "--join", "http://controller:8080");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("./factory agent token", "LLM_FACTORY_JOIN_TOKEN");
    }

    @Test
    void aRefusalSaysThatTheAgentRunsAllTheSame() {
        agent.on("GET /admin/network", "{\"member\": false}")
                .on(
                        "POST /admin/network",
                        403,
                        "{\"error\": {\"message\": \"The controller does not take this token.\"}}");

        Result result = agent.run("up", "--join", "http://controller:8080", "--token", "lf-join-secret");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("runs at", "did not join. The controller does not take this token.");
        assertThat(result.err()).doesNotContain("lf-join-secret");
    }

    @Test
    void theBrokerOfARunningAgentDoesNotMove() {
        assertThat(agent.run("up", "--network-port", "7000").err()).contains("./factory down");
    }
}
