package org.llmfactory.launcher.load;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.llmfactory.launcher.admin.AdminClient;
import org.llmfactory.launcher.agent.AgentClient;

/**
 * A project for measurements in which every check has work to do, and none ever refuses. Not safe for use by several
 * threads.
 */
public final class CheckedProject {
    private static final String POLICIES = "/v1/content_policies";
    private static final String CARD = "\\b(?:[0-9]{4}[ -]?){3}[0-9]{4}\\b";
    private static final String ADDRESS = "[\\w.+-]+@[\\w-]+\\.[\\w.]+";
    private static final long PLENTY = 1_000_000_000_000L;

    private final AdminClient admin;
    private final String name;
    private final String id;
    private Optional<String> policy = Optional.empty();

    private CheckedProject(AdminClient admin, String name, String id) {
        this.admin = admin;
        this.name = name;
        this.id = id;
    }

    /** Makes an empty project; the caller removes it. */
    public static CheckedProject create(AdminClient admin) throws InterruptedException {
        String name = "bench-" + UUID.randomUUID();
        JsonNode project = admin.agent().post(organization("projects"), Map.of("name", name));
        return new CheckedProject(admin, name, project.path("id").asText());
    }

    /** Gives the project limits, a budget, a content policy and a key, with which the client asks. */
    public AgentClient open() throws InterruptedException {
        AgentClient agent = admin.agent();
        agent.post(
                organization("projects", id, "rate_limits", "rl-*"),
                Map.of("max_requests_per_1_minute", 1_000_000_000, "max_tokens_per_1_minute", PLENTY));
        agent.post(organization("projects", id, "budget"), Map.of("tokens", PLENTY, "period", "month"));
        policy = Optional.of(agent.post(POLICIES, definition()).path("id").asText());
        agent.post(organization("projects", id, "settings"), Map.of("content_policy", name));
        JsonNode account = agent.post(organization("projects", id, "service_accounts"), Map.of("name", name));
        return agent.withKey(account.path("api_key").path("value").asText());
    }

    /** Removes the policy, if there is one, and archives the project. */
    public void remove() throws InterruptedException {
        if (policy.isPresent()) {
            admin.agent().delete(AdminClient.path(POLICIES, policy.get()));
        }
        admin.agent().post(organization("projects", id, "archive"), Map.of());
    }

    /**
     * Rules as people write them; they find nothing in the texts of a measurement. The policy is the organization's, since
     * whoever measures may be no member of the project.
     */
    private Map<String, Object> definition() {
        List<Map<String, Object>> rules = List.of(
                Map.of("name", "card-numbers", "on", "output", "pattern", CARD, "action", "redact"),
                Map.of("name", "addresses", "on", "both", "pattern", ADDRESS, "action", "flag"),
                Map.of("name", "secrets", "on", "both", "words", List.of("password", "passphrase"), "action", "flag"),
                Map.of("name", "plans", "on", "both", "words", List.of("bluebird", "redwood"), "action", "block"));
        return Map.of("name", name, "scope", "organization", "rules", rules);
    }
}
