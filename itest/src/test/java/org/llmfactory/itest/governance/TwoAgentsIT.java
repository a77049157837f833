package org.llmfactory.itest.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.database.testing.PostgresServer;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.itest.plugin.PluginSignature;

/** Two agents on one PostgreSQL server: what is decided on one holds on the other. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TwoAgentsIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @TempDir
    static Path shared;

    private static RunningAgent first;
    private static RunningAgent second;

    @BeforeAll
    static void start() throws Exception {
        PostgresServer server = PostgresServer.shared();
        String url = server.jdbcUrl(server.newDatabase());
        first = RunningAgent.start(home -> prepare(home, url, server.password()));
        first.awaitServed();
        second = RunningAgent.start(home -> prepare(home, url, server.password()));
        second.awaitServed();
    }

    @AfterAll
    static void stop() throws IOException {
        if (second != null) {
            second.close();
        }
        if (first != null) {
            first.close();
        }
    }

    /** As an administrator does it: the driver among the plugins, the server's address and password by reference. */
    private static void prepare(Path home, String url, String password) {
        try {
            Path secret = shared.resolve("database.password");
            Files.writeString(secret, password);
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
            Path driver = Path.of(org.postgresql.Driver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path plugin = Files.createDirectories(home.resolve("plugins")).resolve("org.postgresql.jdbc.jar");
            Files.copy(driver, plugin);
            PluginSignature signature = new PluginSignature(home.resolve("signer"));
            signature.sign(plugin);
            signature.trust(home);
            Path properties = home.resolve("agent.properties");
            Files.writeString(properties, """
                    llmfactory.database.url=%s
                    llmfactory.database.user=%s
                    llmfactory.database.passwordFile=%s
                    llmfactory.secrets=%s
                    """.formatted(url, PostgresServer.USER, secret, shared.resolve("secrets")));
            Files.setPosixFilePermissions(properties, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aKeyThatIsRevokedOnOneIsRefusedByTheOtherWithinASecond() throws Exception {
        Platform here = new Platform(first);
        String project = here.project("shared");
        JsonNode account = ApiClient.accepted(here.administrator()
                .post("/v1/organization/projects/" + project + "/service_accounts", Map.of("name", "bot")));
        ApiClient there = ApiClient.anonymous(second.url())
                .withKey(account.path("api_key").path("value").asText());
        await().atMost(AT_ONCE).until(() -> there.get("/v1/models").statusCode() == 200);

        ApiClient.accepted(here.administrator()
                .delete("/v1/organization/projects/" + project + "/service_accounts/"
                        + account.path("id").asText()));

        await().atMost(AT_ONCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> there.get("/v1/models").statusCode() == 401);
    }

    @Test
    void aMemberWhoIsRemovedOnOneIsOutOnTheOtherWithinASecond() throws Exception {
        Platform here = new Platform(first);
        String project = here.project("shared");
        Platform.Person person = here.person("member", OrganizationRole.READER, Map.of(project, ProjectRole.MEMBER));
        ApiClient there = ApiClient.anonymous(second.url())
                .withKey(here.key(person, project, EnumSet.allOf(Area.class)).value());
        await().atMost(AT_ONCE).until(() -> there.get("/v1/models").statusCode() == 200);

        ApiClient.accepted(
                here.administrator().delete("/v1/organization/projects/" + project + "/users/" + person.id()));

        await().atMost(AT_ONCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> there.get("/v1/models").statusCode() == 401);
    }

    @Test
    void bothTogetherDoNotOverdrawABudget() throws Exception {
        long budget = 3_000;
        Platform here = new Platform(first);
        long start = Instant.now().minus(Duration.ofMinutes(2)).getEpochSecond();
        String project = here.project("shared");
        ApiClient.accepted(here.administrator()
                .post("/v1/organization/projects/" + project + "/budget", Map.of("tokens", budget, "period", "day")));
        String key = here.serviceAccount(project).value();
        ApiClient there = ApiClient.anonymous(second.url()).withKey(key);
        await().atMost(AT_ONCE).until(() -> there.get("/v1/models").statusCode() == 200);

        List<Integer> statuses = ask(List.of(here.anonymous().withKey(key), there), 150);

        assertThat(statuses).contains(200, 429).containsOnly(200, 429);
        JsonNode page = ApiClient.accepted(here.administrator()
                .get("/v1/organization/usage/completions?bucket_width=1d&limit=2&start_time=" + start
                        + "&project_ids%5B%5D=" + project));
        long spent = 0;
        for (JsonNode bucket : page.path("data")) {
            for (JsonNode result : bucket.path("results")) {
                spent += result.path("input_tokens").asLong()
                        + result.path("output_tokens").asLong();
            }
        }
        assertThat(spent).isBetween(budget / 2, budget);
    }

    private static List<Integer> ask(List<ApiClient> callers, int requests) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> asked = new ArrayList<>();
            for (int request = 0; request < requests; request++) {
                ApiClient caller = callers.get(request % callers.size());
                asked.add(workers.submit(() -> caller.post(
                                "/v1/chat/completions",
                                Map.of(
                                        "model",
                                        RunningAgent.MODEL,
                                        "max_tokens",
                                        4,
                                        "messages",
                                        List.of(Map.of("role", "user", "content", "hi"))))
                        .statusCode()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> one : asked) {
                statuses.add(one.get(2, TimeUnit.MINUTES));
            }
            return statuses;
        } finally {
            workers.shutdownNow();
        }
    }
}
