package org.llmfactory.itest.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

/**
 * Fills a running agent with projects, people and keys, each made as people make them: through the REST API and the
 * sign-in pages.
 */
public final class Platform {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final String PROJECTS = "/v1/organization/projects";

    private final RunningAgent agent;

    public Platform(RunningAgent agent) {
        this.agent = agent;
    }

    /**
     * An API key.
     *
     * @param value its secret
     */
    public record IssuedKey(String id, String value) {}

    /**
     * A person who has accepted an invitation.
     *
     * @param session a browser that is signed in as this person
     */
    public record Person(String id, String email, String password, ApiClient session) {}

    public RunningAgent agent() {
        return agent;
    }

    /** Somebody without a key. */
    public ApiClient anonymous() {
        return ApiClient.anonymous(agent.url());
    }

    /** The holder of the key file in the agent's home. */
    public ApiClient administrator() throws IOException {
        return anonymous().withKey(agent.key());
    }

    /** The official client with a project's key. It validates every answer against OpenAI's types, and never tries twice. */
    public OpenAIClient sdk(String key) {
        return builder().apiKey(key).build();
    }

    /** The official client with the administrator's key, otherwise as {@link #sdk}. */
    public OpenAIClient adminSdk() throws IOException {
        return adminSdk(agent.key());
    }

    /** The official client with an administrator's key, otherwise as {@link #sdk}. */
    public OpenAIClient adminSdk(String key) {
        return builder().adminApiKey(key).build();
    }

    private OpenAIOkHttpClient.Builder builder() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(agent.url() + "/v1")
                .responseValidation(true)
                .timeout(DEADLINE)
                .maxRetries(0);
    }

    /** A name that nobody has. */
    public static String unique(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Makes a project; its id. */
    public String project(String name) throws IOException, InterruptedException {
        return ApiClient.accepted(administrator().post(PROJECTS, Map.of("name", unique(name))))
                .path("id")
                .asText();
    }

    /** Invites a person, who accepts, chooses a password and signs in. */
    public Person person(String name, OrganizationRole role, Map<String, ProjectRole> projects)
            throws IOException, InterruptedException {
        return people().invite(name, role, projects);
    }

    /** A browser that has signed in. */
    public ApiClient signIn(String email, String password) throws IOException, InterruptedException {
        return people().signIn(email, password);
    }

    private People people() throws IOException {
        return new People(agent.url(), administrator());
    }

    /** A person makes a key of his own, narrowed to some areas. */
    public IssuedKey key(Person person, String project, Set<Area> areas) throws IOException, InterruptedException {
        JsonNode key = ApiClient.accepted(person.session()
                .post(
                        PROJECTS + "/" + project + "/api_keys",
                        Map.of(
                                "name",
                                unique("key"),
                                "areas",
                                areas.stream().map(Platform::lower).toList())));
        return issued(key);
    }

    /** Makes a service account; its first key. */
    public IssuedKey serviceAccount(String project) throws IOException, InterruptedException {
        JsonNode account = ApiClient.accepted(administrator()
                .post(PROJECTS + "/" + project + "/service_accounts", Map.of("name", unique("account"))));
        return issued(account.path("api_key"));
    }

    private static IssuedKey issued(JsonNode key) {
        return new IssuedKey(key.path("id").asText(), key.path("value").asText());
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
