package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.command.ScriptedAgent.Result;

class UserCommandTest {
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
    void theLinkOfAnInvitationIsAloneOnTheLastLine() {
        agent.on("POST /v1/organization/invites", "{\"id\": \"invite-1\", \"accept_url\": \"/auth/accept#token\"}");

        Result result = agent.run("user", "invite", "ada@example.org", "--project", "research:maintainer,proj_2");

        assertThat(result.out().lines()).last().asString().matches("http://127\\.0\\.0\\.1:\\d+/auth/accept#token");
        assertThat(agent.last().body().toString())
                .contains("\"email\":\"ada@example.org\"", "\"role\":\"reader\"")
                .contains("\"id\":\"proj_1\"", "\"role\":\"maintainer\"", "\"id\":\"proj_2\"", "\"role\":\"member\"");
    }

    @Test
    void aRoleIsThatInTheOrganizationUnlessAProjectIsNamed() {
        agent.on("GET /v1/organization/users", "{\"data\": [{\"id\": \"user-1\", \"email\": \"ada@example.org\"}]}")
                .on("POST /v1/organization/users/user-1", "{}")
                .on(
                        "GET /v1/organization/projects/proj_1/users",
                        "{\"data\": [{\"id\": \"user-1\", \"email\": \"ada@example.org\"}]}")
                .on("POST /v1/organization/projects/proj_1/users/user-1", "{}");

        assertThat(agent.run("user", "role", "Ada@Example.org", "owner").exitCode())
                .isZero();
        assertThat(agent.last().line()).isEqualTo("POST /v1/organization/users/user-1");
        assertThat(agent.run("user", "role", "ada@example.org", "viewer", "--project", "research")
                        .exitCode())
                .isZero();
        assertThat(agent.last().line()).isEqualTo("POST /v1/organization/projects/proj_1/users/user-1");
    }

    @Test
    void peopleAreListedOverAllPages() {
        agent.on("GET /v1/organization/users", """
                {"data": [{"id": "user-1", "email": "ada@example.org"}], "has_more": true, "last_id": "user-1"}
                """).on("GET /v1/organization/users", """
                {"data": [{"id": "user-2", "email": "bob@example.org"}], "has_more": false, "last_id": "user-2"}
                """);

        Result result = agent.run("user", "list", "--json");

        assertThat(result.out()).contains("user-1", "user-2");
        assertThat(agent.last().line()).endsWith("&after=user-1");
    }

    @Test
    void aPersonIsShownWithHerProjects() {
        agent.on("GET /v1/organization/users/user-1", """
                {"object": "organization.user", "id": "user-1", "email": "ada@example.org", "name": "Ada", "role": "reader",
                 "added_at": 1700000000, "user": {"id": "user-1"},
                 "projects": {"object": "list", "data": [{"id": "proj_1", "name": "research", "role": "owner"}]}}
                """);

        assertThat(agent.run("user", "show", "user-1").out().lines())
                .endsWith("added_at       2023-11-14T22:13:20Z", "projects.data  proj_1 research owner");
    }

    @Test
    void anInvitationIsTakenBackByItsId() {
        agent.on("DELETE /v1/organization/invites/invite-1", "{\"deleted\": true}");

        assertThat(agent.run("user", "remove", "invite-1").exitCode()).isZero();
    }
}
