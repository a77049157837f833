package org.llmfactory.api.identity.testing;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;

/** People in a map. Nobody whom it does not know is let in. */
public final class InMemoryDirectory implements Directory {
    private final Map<String, User> users = new LinkedHashMap<>();
    private final Map<String, Map<String, ProjectRole>> memberships = new HashMap<>();
    private final Map<String, String> invitations = new HashMap<>();
    private final Map<String, Set<String>> groups = new HashMap<>();

    /** Adds a person. */
    public synchronized User add(String id, String email, OrganizationRole role) {
        return add(new User(id, email.toLowerCase(Locale.ROOT), id, role, Instant.now()));
    }

    /** Adds a person, in place of one with the same id. */
    public synchronized User add(User user) {
        users.put(user.id(), user);
        return user;
    }

    /** Gives a principal a role. */
    public synchronized void join(String principal, String project, ProjectRole role) {
        memberships.computeIfAbsent(principal, any -> new HashMap<>()).put(project, role);
    }

    /** Takes a principal out of a project. */
    public synchronized void leave(String principal, String project) {
        memberships.getOrDefault(principal, new HashMap<>()).remove(project);
    }

    /** Opens an invitation. */
    public synchronized void invite(String token, String email) {
        invitations.put(token, email);
    }

    @Override
    public synchronized Optional<User> user(String id) {
        return Optional.ofNullable(users.get(id));
    }

    @Override
    public synchronized Optional<User> userByEmail(String email) {
        return users.values().stream()
                .filter(user -> user.email().equals(email.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    @Override
    public synchronized Map<String, ProjectRole> memberships(String principal) {
        return Map.copyOf(memberships.getOrDefault(principal, Map.of()));
    }

    @Override
    public synchronized User signedIn(String email, String name, Set<String> groups) {
        User user = userByEmail(email)
                .orElseThrow(() -> new FactoryException(ErrorCode.PERMISSION_DENIED, "You have not been invited."));
        this.groups.put(user.id(), Set.copyOf(groups));
        return user;
    }

    /** The groups that the identity provider stated last. */
    public synchronized Set<String> groups(String user) {
        return groups.getOrDefault(user, Set.of());
    }

    @Override
    public synchronized User accept(String token, String name) {
        String email = Optional.ofNullable(invitations.remove(token))
                .orElseThrow(() -> new FactoryException(ErrorCode.NOT_FOUND, "There is no such invitation."));
        return userByEmail(email).orElseGet(() -> add("user-" + (users.size() + 1), email, OrganizationRole.READER));
    }
}
