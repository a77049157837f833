package org.llmfactory.itest.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

/**
 * Invites people to an agent, who accept and sign in.
 *
 * @param url of the agent
 * @param administrator invites them
 */
public record People(String url, ApiClient administrator) {
    /** Invites a person, who accepts, chooses a password and signs in. */
    public Platform.Person invite(String name, OrganizationRole role, Map<String, ProjectRole> projects)
            throws IOException, InterruptedException {
        String email = Platform.unique(name) + "@example.org";
        String password = UUID.randomUUID().toString();
        List<Map<String, String>> memberships = new ArrayList<>();
        projects.forEach((project, in) -> memberships.add(Map.of("id", project, "role", lower(in))));
        JsonNode invite = ApiClient.accepted(administrator.post(
                "/v1/organization/invites", Map.of("email", email, "role", lower(role), "projects", memberships)));
        String token = token(invite.path("accept_url").asText());
        ApiClient.accepted(ApiClient.anonymous(url)
                .post("/auth/accept", Map.of("token", token, "name", name, "password", password)));
        ApiClient session = signIn(email, password);
        String id = ApiClient.accepted(session.get("/auth/session"))
                .path("user")
                .path("id")
                .asText();
        return new Platform.Person(id, email, password, session);
    }

    /** A browser that has signed in. */
    public ApiClient signIn(String email, String password) throws IOException, InterruptedException {
        ApiClient anonymous = ApiClient.anonymous(url);
        HttpResponse<String> answer = anonymous.post("/auth/sign-in", Map.of("email", email, "password", password));
        ApiClient.accepted(answer);
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        ApiClient browser = anonymous.with("Cookie", cookie.substring(0, cookie.indexOf(';')));
        String csrf = ApiClient.accepted(browser.get("/auth/session"))
                .path("csrf_token")
                .asText();
        return browser.with("X-CSRF-Token", csrf);
    }

    private static String token(String acceptUrl) {
        String query = URI.create(acceptUrl).getQuery();
        return query.substring(query.indexOf("token=") + "token=".length());
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
