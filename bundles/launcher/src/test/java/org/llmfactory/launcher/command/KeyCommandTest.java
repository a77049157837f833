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

class KeyCommandTest {
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
    void theSecretIsAloneOnTheLastLine() {
        agent.on(
                "POST /v1/organization/projects/proj_default/api_keys",
                "{\"id\": \"key_1\", \"value\": \"sk-proj-secret\"}");

        Result result = agent.run("key", "create", "--name", "notebook");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).last().isEqualTo("sk-proj-secret");
        assertThat(agent.last().body().toString()).isEqualTo("{\"name\":\"notebook\"}");
    }

    @Test
    void everyNarrowingIsSent() {
        agent.on("POST /v1/organization/projects/proj_default/api_keys", "{}");

        agent.run("key create --name n --expires 30d --areas inference,adapters --models m --adapters a,b"
                .split(" ", -1));
        assertThat(agent.last().body().toString())
                .isEqualTo("{\"name\":\"n\",\"expires_in_seconds\":2592000,\"areas\":[\"inference\",\"adapters\"],"
                        + "\"models\":[\"m\"],\"adapters\":[\"a\",\"b\"]}");

        agent.run(("key create --name n --address 10.0.0.0/8 --rpm 6 --tpm 7 --publishable"
                        + " --origin https://a.example,https://b.example")
                .split(" ", -1));
        assertThat(agent.last().body().toString())
                .isEqualTo("{\"name\":\"n\",\"addresses\":[\"10.0.0.0/8\"],\"requests_per_minute\":6,"
                        + "\"tokens_per_minute\":7,\"publishable\":true,"
                        + "\"origins\":[\"https://a.example\",\"https://b.example\"]}");
    }

    @Test
    void theAdministratorHasNoKeysInOtherProjectsThanTheDefaultOne() {
        Result result = agent.run("key", "create", "--project", "research", "--name", "notebook");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("Name a --service-account");
    }

    @Test
    void aKeyThatIsNoPartOfAProjectIsToldSo() {
        agent.on("GET /v1/presets", 401, "{\"error\": {\"message\": \"Incorrect API key provided.\"}}");

        assertThat(agent.run("preset", "list", "--project", "research").err())
                .contains("Incorrect API key provided. Or its owner is no member of the project proj_1.");
        assertThat(agent.run("preset", "list").err()).isEqualTo("error: Incorrect API key provided.\n");
    }

    @Test
    void aServiceAccountIsCalledByItsName() {
        String accounts = "/v1/organization/projects/proj_1/service_accounts";
        agent.on("GET " + accounts, "{\"data\": [{\"id\": \"svc_acct_1\", \"name\": \"nightly\"}]}")
                .on("POST " + accounts + "/svc_acct_1/api_keys", "{\"value\": \"sk-svcacct-secret\"}");

        Result result =
                agent.run("key", "create", "--project", "research", "--name", "ci", "--service-account", "nightly");

        assertThat(result.out().lines()).last().isEqualTo("sk-svcacct-secret");
    }

    @Test
    void whatDoesNotFitTogetherIsAWrongCall() {
        assertThat(agent.run("key", "create", "--name", "n", "--publishable").exitCode())
                .isEqualTo(2);
        assertThat(agent.run("key", "create", "--name", "n", "--origin", "https://a.example")
                        .exitCode())
                .isEqualTo(2);
        assertThat(agent.run("key", "create", "--admin", "--name", "n", "--rpm", "6")
                        .exitCode())
                .isEqualTo(2);
        assertThat(agent.run("key", "create", "--name", "n", "--expires", "soon")
                        .err())
                .contains("'soon' is no length of time");
        assertThat(agent.asked()).isEmpty();
    }

    @Test
    void aRotatedKeyTellsItsNewSecret() {
        String keys = "/v1/organization/projects/proj_1/api_keys";
        agent.on("GET " + keys, "{\"data\": [{\"id\": \"key_1\", \"name\": \"notebook\"}]}")
                .on("POST " + keys + "/key_1/rotate", "{\"id\": \"key_1\", \"value\": \"sk-proj-new\"}");

        Result result = agent.run("key", "rotate", "notebook", "--project", "research", "--overlap", "1h");

        assertThat(agent.last().body().toString()).isEqualTo("{\"overlap_seconds\":3600}");
        assertThat(result.out().lines()).last().isEqualTo("sk-proj-new");
    }

    @Test
    void administratorsKeysAreElsewhere() {
        agent.on("GET /v1/organization/admin_api_keys/key_7", "{\"id\": \"key_7\"}")
                .on("DELETE /v1/organization/admin_api_keys/key_7", "{\"deleted\": true}");

        assertThat(agent.run("key", "revoke", "key_7", "--admin").exitCode()).isZero();
    }

    @Test
    void anotherKeyIsUsedWhenAFileIsNamed() throws IOException {
        Path file = Files.writeString(home.resolve("mine.key"), "sk-proj-mine\n");
        agent.on("GET /v1/organization/projects/proj_1/api_keys", "{\"data\": []}");

        Result result = agent.run("key", "list", "--project", "proj_1", "--api-key-file", file.toString());

        assertThat(agent.last().key()).isEqualTo("Bearer sk-proj-mine");
        assertThat(result.out()).isEqualTo("There are none.\n");
    }

    @Test
    void aServiceAccountsKeyIsRevokedWhereItsAccountIs() {
        String project = "/v1/organization/projects/proj_1";
        agent.on(
                        "GET " + project + "/api_keys/key_1",
                        "{\"id\": \"key_1\", \"owner\": {\"service_account\": {\"id\": \"svc_acct_1\"}}}")
                .on("DELETE " + project + "/service_accounts/svc_acct_1/api_keys/key_1", "{\"deleted\": true}");

        assertThat(agent.run("key", "revoke", "key_1", "--project", "research").exitCode())
                .isZero();
    }

    @Test
    void keysAreListedWithTheirOwners() {
        agent.on("GET /v1/organization/projects/proj_1/api_keys", """
                {"data": [
                  {"id": "key_1", "name": "a", "redacted_value": "sk-proj-ab...yz", "kind": "user", "created_at": 1700000000,
                   "owner": {"type": "user", "user": {"email": "ada@example.org"}}},
                  {"id": "key_2", "name": "b", "redacted_value": "sk-svcacct-ab...yz", "kind": "service_account",
                   "created_at": 1700000000, "owner": {"service_account": {"name": "nightly"}}}]}
                """);

        assertThat(agent.run("key", "list", "--project", "proj_1").out().lines())
                .anySatisfy(line -> assertThat(line).contains("key_1", "user", "ada@example.org"))
                .anySatisfy(line -> assertThat(line).contains("key_2", "service_account", "nightly"));
    }
}
