package org.llmfactory.launcher.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.terminal.JsonTable;
import org.llmfactory.launcher.terminal.Terminal;

/**
 * The organization's resources over an agent's REST API. People and things are called by their name or id; a name that
 * nobody bears, or several do, is a failure that says so.
 */
public final class AdminClient {
    /** The project that is always there. */
    public static final String DEFAULT_PROJECT = "proj_default";

    private static final String ORGANIZATION = "/v1/organization";
    private static final int PAGE = 100;
    private static final int MOST = 10_000;

    private final AgentClient client;

    public AdminClient(AgentClient client) {
        this.client = client;
    }

    /** The agent itself. */
    public AgentClient agent() {
        return client;
    }

    /** The same, asked about the things of one project. */
    public AdminClient in(String projectId) {
        return new AdminClient(client.inProject(projectId));
    }

    /**
     * A list with all its pages as one.
     *
     * @param query {@code name=value} parts, already encoded
     * @param most entries at most
     */
    public ObjectNode list(String path, List<String> query, int most) throws InterruptedException {
        List<JsonNode> entries = new ArrayList<>();
        Optional<String> after = Optional.empty();
        boolean more;
        do {
            List<String> parts = new ArrayList<>(query);
            parts.add("limit=" + Math.min(PAGE, most - entries.size()));
            after.ifPresent(id -> parts.add("after=" + encoded(id)));
            JsonNode page = client.get(path + "?" + String.join("&", parts));
            page.path("data").forEach(entries::add);
            after = next(page);
            more = page.path("has_more").asBoolean() && after.isPresent();
        } while (more && entries.size() < most);
        ObjectNode all = Terminal.JSON.createObjectNode().put("object", "list");
        all.putArray("data").addAll(entries);
        return all.put("has_more", more);
    }

    /** A list with all its pages as one. */
    public ObjectNode list(String path) throws InterruptedException {
        return list(path, List.of(), MOST);
    }

    /** A project's id. */
    public String project(String reference) throws InterruptedException {
        return id("project", "proj_", organization("projects"), reference, "name");
    }

    /** A user's id; he may be called by his address. */
    public String user(String reference) throws InterruptedException {
        return id("user", "user-", organization("users"), reference, "email", "name");
    }

    /** The id of a person who belongs to a project. */
    public String member(String projectId, String reference) throws InterruptedException {
        return id("member", "user-", organization("projects", projectId, "users"), reference, "email", "name");
    }

    /** The id of a service account of a project. */
    public String serviceAccount(String projectId, String reference) throws InterruptedException {
        String path = organization("projects", projectId, "service_accounts");
        return id("service account", "svc_acct_", path, reference, "name");
    }

    /**
     * The id of an API key.
     *
     * @param path where the keys are that it is one of
     */
    public String key(String path, String reference) throws InterruptedException {
        return id("API key", "key_", path, reference, "name");
    }

    private String id(String kind, String prefix, String path, String reference, String... names)
            throws InterruptedException {
        if (reference.startsWith(prefix)) {
            return reference;
        }
        List<String> found = new ArrayList<>();
        for (JsonNode entry : list(path).path("data")) {
            if (Stream.of(names).anyMatch(name -> reference.equalsIgnoreCase(JsonTable.text(entry, name)))) {
                found.add(entry.path("id").asText());
            }
        }
        if (found.isEmpty()) {
            throw new LauncherException("There is no " + kind + " '" + reference + "'.");
        }
        if (found.size() > 1) {
            throw new LauncherException("Several have the name '" + reference + "'. Say which " + kind + " by its id: "
                    + String.join(", ", found));
        }
        return found.get(0);
    }

    /** Where the next page begins; OpenAI has two ways of saying it. */
    private static Optional<String> next(JsonNode page) {
        String next = page.path("next").asText("");
        String last = page.path("last_id").asText("");
        return Stream.of(next, last).filter(id -> !id.isEmpty()).findFirst();
    }

    /** A path below {@code /v1/organization}. */
    public static String organization(String... segments) {
        return path(ORGANIZATION, segments);
    }

    /** A path; segments may hold any character. */
    public static String path(String root, String... segments) {
        return Arrays.stream(segments)
                .map(AdminClient::encoded)
                .collect(Collectors.joining("/", segments.length == 0 ? root : root + "/", ""));
    }

    /** A value as it stands in a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
