package org.llmfactory.auth.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.auth.web.SignIns.SignedIn;

/** A session as {@code GET /auth/session} tells it. Times are Unix seconds. */
record SessionObject(String object, UserObject user, List<ProjectObject> projects, String csrfToken, long expiresAt) {
    record UserObject(String object, String id, String email, String name, String role) {}

    record ProjectObject(String id, String role) {}

    SessionObject {
        projects = List.copyOf(projects);
    }

    static SessionObject of(SignedIn signedIn, Map<String, ProjectRole> memberships, String csrfToken) {
        UserObject user = new UserObject(
                "organization.user",
                signedIn.user().id(),
                signedIn.user().email(),
                signedIn.user().name(),
                lower(signedIn.user().role()));
        List<ProjectObject> projects = new TreeMap<>(memberships)
                .entrySet().stream()
                        .map(membership -> new ProjectObject(membership.getKey(), lower(membership.getValue())))
                        .toList();
        return new SessionObject(
                "session", user, projects, csrfToken, signedIn.session().ends().getEpochSecond());
    }

    private static String lower(Enum<?> role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** Does not tell the token. */
    @Override
    public String toString() {
        return "SessionObject[" + user + "]";
    }
}
