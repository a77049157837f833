package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.command.ScriptedAgent.Result;

class ProjectCommandTest {
    private static final String PROJECTS = "/v1/organization/projects";

    @TempDir
    Path home;

    private ScriptedAgent agent;

    @BeforeEach
    void start() throws IOException {
        agent = new ScriptedAgent(home).on("GET " + PROJECTS, """
                {"object": "list", "has_more": false, "data": [
                  {"object": "organization.project", "id": "proj_1", "name": "research", "status": "active",
                   "created_at": 1700000000, "archived_at": null},
                  {"object": "organization.project", "id": "proj_2", "name": "twice", "status": "active",
                   "created_at": 1700000000},
                  {"object": "organization.project", "id": "proj_3", "name": "twice", "status": "active",
                   "created_at": 1700000000}]}
                """);
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void projectsAreListedAsATable() {
        Result result = agent.run("project", "list");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .startsWith("id      name      status  created", "proj_1  research  active  2023-11-14T22:13:20Z");
        assertThat(agent.last().key()).isEqualTo("Bearer administrator");
    }

    @Test
    void theIdOfANewProjectIsOnTheLastLine() {
        agent.on("POST " + PROJECTS, "{\"id\": \"proj_9\", \"name\": \"new\"}");

        Result result = agent.run("project", "create", "new");

        assertThat(agent.last().body().path("name").asText()).isEqualTo("new");
        assertThat(result.out().lines()).last().isEqualTo("proj_9");
    }

    @Test
    void withJsonTheAnswerIsTheObject() {
        agent.on("POST " + PROJECTS, "{\"id\": \"proj_9\", \"name\": \"new\"}");

        assertThat(agent.run("project", "create", "new", "--json").out())
                .isEqualTo("{\"id\":\"proj_9\",\"name\":\"new\"}\n");
    }

    @Test
    void aNameIsResolvedAndAnIdIsTaken() {
        agent.on("GET " + PROJECTS + "/proj_1", "{\"object\": \"organization.project\", \"id\": \"proj_1\"}");

        assertThat(agent.run("project", "show", "research").out()).isEqualTo("id  proj_1\n");
        assertThat(agent.run("project", "show", "proj_1").exitCode()).isZero();
        assertThat(agent.asked()).hasSize(3);
    }

    @Test
    void aNameThatNobodyOrSeveralHaveIsRefused() {
        Result nobody = agent.run("project", "show", "nothing");
        Result several = agent.run("project", "show", "twice");

        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).contains("There is no project 'nothing'.");
        assertThat(several.exitCode()).isEqualTo(1);
        assertThat(several.err()).contains("by its id: proj_2, proj_3");
    }

    @Test
    void theServersRefusalIsShownInItsWords() {
        agent.on("POST " + PROJECTS + "/proj_1/archive", 403, "{\"error\": {\"message\": \"You may not do this.\"}}");

        Result result = agent.run("project", "archive", "research");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("error: You may not do this.\n");
    }

    @Test
    void aLimitThatLimitsNothingIsAWrongCall() {
        assertThat(agent.run("project", "set-limit", "research").exitCode()).isEqualTo(2);
        assertThat(agent.run("project", "set", "research").exitCode()).isEqualTo(2);
        assertThat(agent.run("project", "set-budget", "research").exitCode()).isEqualTo(2);
        assertThat(agent.asked()).isEmpty();
    }

    @Test
    void onlyWhatIsNamedIsChanged() {
        agent.on("POST " + PROJECTS + "/proj_1/settings", "{}");

        agent.run("project", "set", "research", "--no-store-prompts", "--chat-retention", "2d");

        assertThat(agent.last().body().toString())
                .isEqualTo("{\"store_prompts\":false,\"chat_retention_seconds\":172800}");
    }

    @Test
    void noneTakesASettingBack() {
        agent.on("POST " + PROJECTS + "/proj_1/settings", "{}");

        agent.run("project", "set", "research", "--content-policy", "none", "--hidden-adapters", "none");

        assertThat(agent.last().body().toString()).isEqualTo("{\"content_policy\":null,\"hidden_adapters\":[]}");
    }

    @Test
    void settingsAreShownWithTheModels() {
        agent.on("GET " + PROJECTS + "/proj_1/settings", "{\"object\": \"project.settings\", \"store_prompts\": false}")
                .on(
                        "GET " + PROJECTS + "/proj_1/model_permissions",
                        "{\"mode\": \"allow_list\", \"model_ids\": [\"m\", \"n\"]}");

        assertThat(agent.run("project", "settings", "proj_1").out().lines())
                .containsExactly(
                        "store_prompts                false",
                        "model_permissions.mode       allow_list",
                        "model_permissions.model_ids  m, n");
    }

    @Test
    void limitsAndBudgetsAreSetAndLifted() {
        agent.on("POST " + PROJECTS + "/proj_1/rate_limits/rl-m", "{}")
                .on("DELETE " + PROJECTS + "/proj_1/rate_limits/rl-*", "{}")
                .on("POST " + PROJECTS + "/proj_1/budget", "{}")
                .on("DELETE " + PROJECTS + "/proj_1/budget", "{}");

        assertThat(agent.run("project", "set-limit", "proj_1", "--model", "m", "--rpm", "5")
                        .exitCode())
                .isZero();
        assertThat(agent.last().text()).isEqualTo("{\"max_requests_per_1_minute\":5}");
        assertThat(agent.run("project", "set-limit", "proj_1", "--none").exitCode())
                .isZero();
        assertThat(agent.run("project", "set-budget", "proj_1", "--tokens", "9", "--per", "day")
                        .exitCode())
                .isZero();
        assertThat(agent.last().text()).isEqualTo("{\"tokens\":9,\"period\":\"day\"}");
        assertThat(agent.run("project", "set-budget", "proj_1", "--none").exitCode())
                .isZero();
    }
}
