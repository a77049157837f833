package org.llmfactory.itest.governance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.Platform.Person;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.itest.agent.SharedAgent;
import org.llmfactory.launcher.agent.MultipartForm;

/** What an attacker tries who has a project of his own on the platform, or nothing at all. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class AttackIT {
    private final Platform platform;
    private final String victims;
    private final Person victim;
    private final ApiClient victimsKey;
    private final Person attacker;
    private final ApiClient attackersKey;
    private final String attackers;

    AttackIT(Platform platform) throws Exception {
        this.platform = platform;
        this.victims = platform.project("victims");
        this.attackers = platform.project("attackers");
        this.victim = platform.person("victim", OrganizationRole.READER, Map.of(victims, ProjectRole.MAINTAINER));
        this.attacker = platform.person("attacker", OrganizationRole.READER, Map.of(attackers, ProjectRole.OWNER));
        this.victimsKey = holder(victim, victims);
        this.attackersKey = holder(attacker, attackers);
    }

    private ApiClient holder(Person person, String project) throws Exception {
        return platform.anonymous()
                .withKey(
                        platform.key(person, project, EnumSet.allOf(Area.class)).value());
    }

    @Test
    void anotherProjectsAdapterLooksLikeNoneByAnyName() throws Exception {
        JsonNode adapter = adapter(victimsKey, Platform.unique("secret"), "project");
        String name = adapter.path("name").asText();
        assertThat(chat(victimsKey, name).statusCode()).isEqualTo(200);

        for (String reference : List.of(
                name, adapter.path("id").asText(), adapter.path("digest").asText(), RunningAgent.MODEL + ":" + name)) {
            assertLikeUnknown(reference, model -> chat(attackersKey, model));
            assertLikeUnknown(
                    reference,
                    model -> attackersKey.post(
                            "/v1/chat/completions",
                            Map.of(
                                    "model",
                                    RunningAgent.MODEL,
                                    "messages",
                                    List.of(Map.of("role", "user", "content", "x")),
                                    "adapters",
                                    List.of(Map.of("id", model, "weight", 1)))));
            assertLikeUnknown(reference, model -> attackersKey.post("/generate", lorax(Map.of("adapter_id", model))));
            assertLikeUnknown(
                    reference,
                    model -> attackersKey.post(
                            "/generate",
                            lorax(Map.of("merged_adapters", Map.of("ids", List.of(model), "weights", List.of(1))))));
            assertLikeUnknown(reference, model -> attackersKey.get("/v1/models/" + model));
            assertLikeUnknown(reference, model -> attackersKey.delete("/v1/models/" + model));
            assertLikeUnknown(reference, model -> attackersKey.get("/v1/adapters/" + model));
            assertLikeUnknown(reference, model -> attackersKey.delete("/v1/adapters/" + model));
        }
        assertThat(attackersKey.get("/v1/models").body()).doesNotContain(name);
        assertThat(attackersKey.get("/v1/adapters").body()).doesNotContain(name);
        assertThat(chat(victimsKey, name).statusCode()).isEqualTo(200);
    }

    @Test
    void aPrivateAdapterLooksLikeNoneToItsOwnProject() throws Exception {
        Person colleague = platform.person("colleague", OrganizationRole.READER, Map.of(victims, ProjectRole.OWNER));
        JsonNode adapter = adapter(victimsKey, Platform.unique("private"), "private");
        ApiClient colleaguesKey = holder(colleague, victims);

        assertThat(chat(victimsKey, adapter.path("name").asText()).statusCode()).isEqualTo(200);
        for (String reference : List.of(
                adapter.path("name").asText(),
                adapter.path("id").asText(),
                adapter.path("digest").asText())) {
            assertLikeUnknown(reference, model -> chat(colleaguesKey, model));
        }
    }

    @Test
    void anotherProjectsPresetLooksLikeNone() throws Exception {
        String name = Platform.unique("preset");
        JsonNode preset = ApiClient.accepted(victimsKey.post(
                "/v1/presets",
                Map.of("name", name, "base", RunningAgent.MODEL, "system", "Whisper.", "visibility", "project")));
        assertThat(chat(victimsKey, name).statusCode()).isEqualTo(200);

        for (String reference : List.of(name, preset.path("id").asText(), name + "@1")) {
            assertLikeUnknown(reference, model -> chat(attackersKey, model));
        }
        assertThat(attackersKey.get("/v1/presets").body()).doesNotContain(name);
        assertThat(attackersKey.get("/v1/presets/" + preset.path("id").asText()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aPresetOpensNoAdapterThatItsCallerMayNotUse() throws Exception {
        JsonNode adapter = adapter(victimsKey, Platform.unique("hidden"), "project");
        String name = Platform.unique("thief");
        HttpResponse<String> made = attackersKey.post(
                "/v1/presets",
                Map.of(
                        "name",
                        name,
                        "base",
                        RunningAgent.MODEL,
                        "adapters",
                        List.of(Map.of("id", adapter.path("id").asText(), "weight", 1))));

        if (made.statusCode() / 100 == 2) {
            assertThat(chat(attackersKey, name).statusCode()).isEqualTo(404);
        } else {
            assertThat(made.statusCode()).isBetween(400, 404);
        }
    }

    @Test
    void anotherProjectsStoredChatLooksLikeNone() throws Exception {
        JsonNode chat = ApiClient.accepted(victimsKey.post(
                "/v1/chat/completions",
                Map.of(
                        "model",
                        RunningAgent.MODEL,
                        "store",
                        true,
                        "max_tokens",
                        2,
                        "messages",
                        List.of(Map.of("role", "user", "content", "my diagnosis")))));
        String id = chat.path("id").asText();
        assertThat(victimsKey.get("/v1/chat/completions/" + id).statusCode()).isEqualTo(200);

        assertLikeUnknown(id, "chatcmpl-0", other -> attackersKey.get("/v1/chat/completions/" + other));
        assertLikeUnknown(id, "chatcmpl-0", other -> attackersKey.get("/v1/chat/completions/" + other + "/messages"));
        assertLikeUnknown(id, "chatcmpl-0", other -> attackersKey.delete("/v1/chat/completions/" + other));
        assertLikeUnknown(
                id,
                "chatcmpl-0",
                other -> attackersKey.post("/v1/chat/completions/" + other, Map.of("metadata", Map.of("a", "b"))));
        assertThat(attackersKey.get("/v1/chat/completions").body()).doesNotContain(id);
        assertThat(victimsKey.get("/v1/chat/completions/" + id).statusCode()).isEqualTo(200);
    }

    @Test
    void filesAreNobodysYet() throws Exception {
        assertThat(attackersKey.get("/v1/files/file-1").statusCode()).isEqualTo(404);
    }

    @Test
    void thePrefixCacheTellsNothingOfAnotherProject() throws Exception {
        String words = "one two three four five six seven eight nine ten ".repeat(3) + UUID.randomUUID();

        assertThat(cached(victimsKey, words)).isZero();
        assertThat(cached(victimsKey, words)).isPositive();
        assertThat(cached(attackersKey, words)).isZero();
    }

    private static int cached(ApiClient caller, String words) throws Exception {
        return ApiClient.accepted(caller.post("/v1/chat/completions", chatBody(RunningAgent.MODEL, words)))
                .path("usage")
                .path("prompt_tokens_details")
                .path("cached_tokens")
                .asInt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; DROP TABLE project; --",
                "' OR '1'='1",
                "\" OR \"\"=\"",
                "x'); DELETE FROM api_key WHERE ('1'='1",
                "${jndi:ldap://127.0.0.1/x}",
                "%s%n%x",
            })
    void wordsThatAreStatementsElsewhereAreWordsHere(String words) throws Exception {
        String id = ApiClient.accepted(
                        platform.administrator().post("/v1/organization/projects", Map.of("name", words)))
                .path("id")
                .asText();

        assertThat(ApiClient.accepted(platform.administrator().get("/v1/organization/projects/" + id))
                        .path("name")
                        .asText())
                .isEqualTo(words);
        assertThat(chat(attackersKey, words).statusCode()).isEqualTo(404);
        assertThat(platform.administrator()
                        .get("/v1/organization/audit_logs?actor_ids%5B%5D=" + encoded(words))
                        .statusCode())
                .isEqualTo(200);
        assertThat(platform.anonymous().withKey(words).get("/v1/models").statusCode())
                .isEqualTo(401);
        assertThat(chat(victimsKey, RunningAgent.MODEL).statusCode()).isEqualTo(200);
    }

    @Test
    void aLineBreakMakesNoLineOfTheLog() throws Exception {
        String forged = "2026-01-01T00:00:00 ERROR forged-" + UUID.randomUUID();
        String words = "x\r\n" + forged;
        platform.administrator().post("/v1/organization/projects", Map.of("name", words));
        chat(attackersKey, words);
        platform.anonymous().post("/auth/sign-in", Map.of("email", words, "password", words));
        platform.administrator()
                .post("/v1/organization/invites", Map.of("email", words + "@example.org", "role", "reader"));

        assertThat(log()).noneMatch(line -> line.startsWith(forged));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/../organization/projects",
                "/health/../v1/models",
                "/auth/../v1/models",
                "/auth/%2e%2e/v1/models",
                "/health/..;/v1/models",
                "/auth/..%2fv1/models",
                "//v1/models",
                "/v1//models",
                "/auth/sign-in/..;/..;/v1/models",
                "/v1/models;x=/health",
            })
    void noWayOfWritingAPathGoesRoundTheDoor(String path) throws Exception {
        HttpResponse<String> answer = platform.anonymous().get(path);

        assertThat(answer.statusCode()).as(answer.body()).isIn(301, 302, 400, 401, 404);
        assertThat(answer.body()).doesNotContain("\"object\"");
    }

    @Test
    void adapterNamesAreNoPaths() throws Exception {
        for (String reference : List.of("..%2F..%2Fadmin.key", "../../admin.key", "%2e%2e%2fadmin.key")) {
            HttpResponse<String> answer = attackersKey.get("/v1/adapters/" + reference);
            assertThat(answer.statusCode()).isIn(400, 404);
            assertThat(answer.body()).doesNotContain(platform.agent().key());
        }
    }

    @Test
    void forgedKeysOpenNothing() throws Exception {
        String real =
                platform.key(attacker, attackers, EnumSet.allOf(Area.class)).value();
        for (String forged : List.of(
                "",
                "sk-proj-",
                real.substring(0, real.length() - 1),
                real + "x",
                flipped(real),
                "sk-admin-" + real.substring("sk-proj-".length()),
                flipped(real).toUpperCase(Locale.ROOT),
                "x".repeat(8_000))) {
            HttpResponse<String> answer = platform.anonymous().withKey(forged).get("/v1/models");
            // A header may be too long to be read.
            assertThat(answer.statusCode()).as(forged).isIn(401, 431);
        }
        // The same key, however it is written: the server remembers a connection's headers without regard to case.
        for (String written : List.of(real.toUpperCase(Locale.ROOT), real, real.toUpperCase(Locale.ROOT))) {
            assertThat(platform.anonymous().withKey(written).get("/v1/models").statusCode())
                    .isEqualTo(200);
            assertThat(platform.anonymous()
                            .withKey(flipped(written))
                            .get("/v1/models")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    private static String flipped(String key) {
        char last = key.charAt(key.length() - 1);
        return key.substring(0, key.length() - 1) + (last == 'a' || last == 'A' ? 'b' : 'a');
    }

    @Test
    void anExpiredKeyOpensNothing() throws Exception {
        JsonNode key = ApiClient.accepted(attacker.session()
                .post(
                        "/v1/organization/projects/" + attackers + "/api_keys",
                        Map.of("name", "short", "expires_in_seconds", 1)));
        ApiClient holder = platform.anonymous().withKey(key.path("value").asText());

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(holder.get("/v1/models").statusCode()).isEqualTo(401));
    }

    @Test
    void aRevokedKeyOpensNothingAnyMore() throws Exception {
        Platform.IssuedKey key = platform.key(attacker, attackers, EnumSet.allOf(Area.class));
        ApiClient holder = platform.anonymous().withKey(key.value());
        assertThat(holder.get("/v1/models").statusCode()).isEqualTo(200);

        ApiClient.accepted(
                attacker.session().delete("/v1/organization/projects/" + attackers + "/api_keys/" + key.id()));

        assertThat(holder.get("/v1/models").statusCode()).isEqualTo(401);
    }

    @Test
    void aRotatedKeysOldSecretEndsWithTheOverlap() throws Exception {
        Platform.IssuedKey key = platform.key(attacker, attackers, EnumSet.allOf(Area.class));
        ApiClient old = platform.anonymous().withKey(key.value());
        String path = "/v1/organization/projects/" + attackers + "/api_keys/" + key.id() + "/rotate";

        JsonNode kept = ApiClient.accepted(attacker.session().post(path, Map.of("overlap_seconds", 600)));
        assertThat(old.get("/v1/models").statusCode()).isEqualTo(200);
        ApiClient second = platform.anonymous().withKey(kept.path("value").asText());
        assertThat(second.get("/v1/models").statusCode()).isEqualTo(200);

        JsonNode hard = ApiClient.accepted(attacker.session().post(path, Map.of("overlap_seconds", 0)));
        assertThat(second.get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(platform.anonymous()
                        .withKey(hard.path("value").asText())
                        .get("/v1/models")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aMemberWhoWasRemovedIsOut() throws Exception {
        Person leaver = platform.person("leaver", OrganizationRole.READER, Map.of(victims, ProjectRole.MEMBER));
        ApiClient key = holder(leaver, victims);
        assertThat(key.get("/v1/models").statusCode()).isEqualTo(200);

        ApiClient.accepted(
                platform.administrator().delete("/v1/organization/projects/" + victims + "/users/" + leaver.id()));

        assertThat(key.get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(leaver.session()
                        .inProject(victims)
                        .get("/v1/organization/projects/" + victims)
                        .statusCode())
                .isIn(401, 404);
    }

    @Test
    void aPageOfAnotherSiteCannotActForASession() throws Exception {
        ApiClient session = attacker.session();
        String path = "/v1/organization/projects/" + attackers + "/api_keys";
        Map<String, String> body = Map.of("name", "forged");

        assertThat(session.with("X-CSRF-Token", "").post(path, body).statusCode())
                .isEqualTo(403);
        assertThat(session.with("X-CSRF-Token", "0".repeat(64)).post(path, body).statusCode())
                .isEqualTo(403);
        assertThat(session.with("X-CSRF-Token", "")
                        .delete("/v1/organization/projects/" + attackers)
                        .statusCode())
                .isIn(403, 405);
        assertThat(platform.anonymous()
                        .with("Origin", "https://evil.example")
                        .send(
                                "POST",
                                "/auth/sign-in",
                                "application/x-www-form-urlencoded",
                                BodyPublishers.ofString(
                                        "email=" + attacker.email() + "&password=" + attacker.password()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(session.get(path).body()).doesNotContain("forged");
    }

    @Test
    void aSessionSetBeforeSigningInIsNotTheOneAfterwards() throws Exception {
        String planted = "planted" + UUID.randomUUID();
        HttpResponse<String> signedIn = platform.anonymous()
                .with("Cookie", "llmfactory_session=" + planted)
                .post("/auth/sign-in", Map.of("email", victim.email(), "password", victim.password()));

        String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).doesNotContain(planted).contains("HttpOnly").contains("SameSite");
        assertThat(platform.anonymous()
                        .with("Cookie", "llmfactory_session=" + planted)
                        .get("/auth/session")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void signingOutEndsTheSession() throws Exception {
        ApiClient browser = platform.signIn(victim.email(), victim.password());
        assertThat(browser.get("/auth/session").statusCode()).isEqualTo(200);

        assertThat(browser.post("/auth/sign-out", Map.of()).statusCode()).isLessThan(400);

        assertThat(browser.get("/auth/session").statusCode()).isEqualTo(401);
    }

    @Test
    void aThousandWrongPasswordsLetNobodyInAndTellNothing() throws Exception {
        Person target = platform.person("target", OrganizationRole.READER, Map.of(attackers, ProjectRole.MEMBER));
        Set<String> known = new HashSet<>();
        Set<String> unknown = new HashSet<>();
        for (int attempt = 0; attempt < 500; attempt++) {
            known.add(wrong(target.email(), attempt));
            unknown.add(wrong("nobody" + attempt % 7 + "@example.org", attempt));
        }

        assertThat(known).doesNotContain("200", "204", "302", "303");
        assertThat(known).isEqualTo(unknown);
        assertThat(chat(victimsKey, RunningAgent.MODEL).statusCode()).isEqualTo(200);
    }

    private String wrong(String email, int attempt) throws Exception {
        HttpResponse<String> answer = platform.anonymous()
                .post("/auth/sign-in", Map.of("email", email, "password", "wrong password " + attempt));
        return String.valueOf(answer.statusCode());
    }

    @Test
    void noSecretIsInTheLog() throws Exception {
        String canary = "canary-" + UUID.randomUUID();
        List<String> secrets = new ArrayList<>(
                List.of(canary, victim.password(), platform.agent().key()));
        String key = platform.key(victim, victims, EnumSet.allOf(Area.class)).value();
        secrets.add(key);
        secrets.add(key + "x");
        ApiClient holder = platform.anonymous().withKey(key);
        holder.post("/v1/chat/completions", chatBody(RunningAgent.MODEL, canary));
        holder.post("/v1/chat/completions", Map.of("model", RunningAgent.MODEL, "messages", canary));
        holder.post("/generate", lorax(Map.of("inputs", canary)));
        platform.anonymous().withKey(key + "x").get("/v1/models");
        platform.anonymous().post("/auth/sign-in", Map.of("email", "a@example.org", "password", canary));
        holder.get("/v1/models?api_key=" + key);

        assertThat(log()).noneMatch(line -> secrets.stream().anyMatch(line::contains));
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(platform.agent().agent().log());
    }

    private interface Attempt {
        HttpResponse<String> with(String reference) throws Exception;
    }

    private static void assertLikeUnknown(String reference, Attempt attempt) throws Exception {
        assertLikeUnknown(reference, UUID.randomUUID().toString(), attempt);
    }

    /** The answer is the very one that something gets which does not exist. */
    private static void assertLikeUnknown(String reference, String absent, Attempt attempt) throws Exception {
        HttpResponse<String> forbidden = attempt.with(reference);
        HttpResponse<String> unknown = attempt.with(absent);
        assertThat(forbidden.statusCode()).as(forbidden.body()).isIn(400, 404).isEqualTo(unknown.statusCode());
        assertThat(forbidden.body().replace(reference, "REFERENCE"))
                .isEqualTo(unknown.body().replace(absent, "REFERENCE"));
        assertThat(names(forbidden)).isEqualTo(names(unknown));
    }

    private static Set<String> names(HttpResponse<String> answer) {
        Set<String> names = new HashSet<>(answer.headers().map().keySet());
        names.remove("connection");
        return names;
    }

    private static JsonNode adapter(ApiClient owner, String name, String visibility) throws Exception {
        MultipartForm form = new MultipartForm()
                .field("name", name)
                .field("base_model", RunningAgent.MODEL)
                .field("visibility", visibility)
                .file("config", RunningAgent.fixture().resolve("adapter-a/adapter_config.json"))
                .file("weights", RunningAgent.fixture().resolve("adapter-a/adapter_model.safetensors"));
        return ApiClient.accepted(owner.send("POST", "/v1/adapters", form.contentType(), form.body()));
    }

    private static HttpResponse<String> chat(ApiClient caller, String model) throws Exception {
        return caller.post("/v1/chat/completions", chatBody(model, "Say something."));
    }

    private static Map<String, Object> chatBody(String model, String words) {
        return Map.of("model", model, "max_tokens", 2, "messages", List.of(Map.of("role", "user", "content", words)));
    }

    private static Map<String, Object> lorax(Map<String, Object> parameters) {
        Object inputs = parameters.getOrDefault("inputs", "x");
        return Map.of("inputs", inputs, "parameters", parameters);
    }

    private static String encoded(String words) {
        return URLEncoder.encode(words, UTF_8);
    }
}
