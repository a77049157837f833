package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.command.ScriptedAgent.Result;

class AuditCommandTest {
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
    void entriesSayWhoDidWhat() {
        agent.on("GET /v1/organization/audit_logs", """
                {"data": [{"id": "audit_log-1", "type": "api_key.created", "effective_at": 1700000000,
                  "project": {"id": "proj_1", "name": "research"},
                  "actor": {"type": "session", "session": {"user": {"id": "user-1", "email": "ada@example.org"}}},
                  "api_key.created": {"id": "key_1"}}]}
                """);

        Result result = agent.run(
                "audit",
                "list",
                "--project",
                "research",
                "--type",
                "api_key.created",
                "--actor",
                "user-1",
                "--limit",
                "5");

        assertThat(result.out().lines())
                .last()
                .isEqualTo("2023-11-14T22:13:20Z  api_key.created  ada@example.org  research  key_1");
        assertThat(agent.last().line())
                .isEqualTo("GET /v1/organization/audit_logs?include_extensions=true&project_ids%5B%5D=proj_1"
                        + "&event_types%5B%5D=api_key.created&actor_ids%5B%5D=user-1&limit=5");
    }

    @Test
    void anExportIsWrittenAsItComesAndNeverOverAnotherFile() throws IOException {
        agent.on("GET /v1/organization/audit_logs/export", "{\"id\":1}\n{\"id\":2}\n");
        Path file = home.resolve("audit.jsonl");

        assertThat(agent.run("audit", "export", "--output", file.toString()).exitCode())
                .isZero();
        assertThat(file).hasContent("{\"id\":1}\n{\"id\":2}\n");
        assertThat(agent.run("audit", "export", "--output", file.toString()).err())
                .contains("is there already");
        assertThat(agent.run("audit", "export").out()).isEqualTo("{\"id\":1}\n{\"id\":2}\n");
    }

    @Test
    void aChainWithFindingsEndsWithOne() {
        agent.on("GET /v1/organization/audit_logs/verify", "{\"valid\": true, \"entries\": 3, \"findings\": []}")
                .on(
                        "GET /v1/organization/audit_logs/verify",
                        "{\"valid\": false, \"entries\": 3, \"findings\": [{\"sequence\": 2, \"kind\": \"changed\"}]}");

        assertThat(agent.run("audit", "verify").exitCode()).isZero();
        Result result = agent.run("audit", "verify");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("changed");
    }
}
