package org.llmfactory.auth;

import java.time.Clock;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Credentials;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.project.Projects;
import org.llmfactory.auth.Principals.Principal;
import org.llmfactory.auth.key.KeyLookup;
import org.llmfactory.auth.key.KeyRecord;
import org.llmfactory.auth.session.BrowserSessions;
import org.llmfactory.auth.session.Session;
import org.llmfactory.rest.Sessions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Callers by the keys, tokens and sessions in the database. Keys and sessions in use are in memory; rights are asked of the
 * directory on every request, so that a change of them is in force at once.
 */
@Component(service = StoredCallers.class)
public final class StoredCallers {
    /** What an administrator's key is for, whatever its scope says. */
    private static final Set<Area> ADMINISTRATORS = EnumSet.of(Area.ADMINISTRATION, Area.REPORTS, Area.PLATFORM);

    private final KeyLookup keys;
    private final BrowserSessions sessions;
    private final Principals principals;
    private final Projects projects;
    private final Clock clock;

    @Activate
    public StoredCallers(
            @Reference KeyLookup keys,
            @Reference BrowserSessions sessions,
            @Reference Directory directory,
            @Reference Projects projects) {
        this(keys, sessions, directory, projects, Clock.systemUTC());
    }

    StoredCallers(KeyLookup keys, BrowserSessions sessions, Directory directory, Projects projects, Clock clock) {
        this.keys = keys;
        this.sessions = sessions;
        this.principals = new Principals(directory);
        this.projects = projects;
        this.clock = clock;
    }

    /** Whether there is such a project, and not archived. */
    boolean isThere(String project) {
        return projects.settings(project).isPresent();
    }

    /**
     * Whether somebody may act in a project: he belongs to it, or owns the organization and it is there. What an owner may do in a
     * project that he does not belong to is the access policy's to say.
     */
    private boolean reaches(Principal principal, String project) {
        return principal.projects().containsKey(project)
                || (principal.role() == OrganizationRole.OWNER && isThere(project));
    }

    /** Who came with a key or a short token. */
    Optional<Caller> byKey(String key, Credentials credentials) {
        Optional<Caller> caller = keys.find(key, credentials)
                .filter(record -> record.worksAt(clock.instant()))
                .filter(record -> record.worksFrom(credentials.address()))
                .flatMap(record -> principals
                        .find(record.key().owner())
                        .flatMap(owner -> lend(record.key(), owner, credentials.project()))
                        .map(found -> used(record, found)));
        return caller;
    }

    private Caller used(KeyRecord record, Caller caller) {
        keys.used(record);
        return caller;
    }

    private Optional<Caller> lend(ApiKey key, Principal owner, Optional<String> wish) {
        return switch (key.kind()) {
            case ADMIN -> administer(key, owner, wish);
            case USER, SERVICE_ACCOUNT -> work(key, owner, wish, key.scope().areas());
            case PUBLISHABLE -> work(key, owner, wish, EnumSet.of(Area.INFERENCE));
        };
    }

    private Optional<Caller> administer(ApiKey key, Principal owner, Optional<String> wish) {
        if (owner.role() != OrganizationRole.OWNER
                || wish.filter(project -> !reaches(owner, project)).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Caller(
                owner.kind(),
                owner.id(),
                wish.orElse(Caller.DEFAULT_PROJECT),
                owner.role(),
                Map.of(),
                Optional.of(key.id()),
                narrowed(key.scope(), ADMINISTRATORS)));
    }

    /** The key's own project alone; and nobody administers the organization with it. */
    private static Optional<Caller> work(ApiKey key, Principal owner, Optional<String> wish, Set<Area> areas) {
        return key.project()
                .filter(project -> wish.isEmpty() || wish.get().equals(project))
                .filter(owner.projects()::containsKey)
                .map(project -> new Caller(
                        owner.kind(),
                        owner.id(),
                        project,
                        owner.role() == OrganizationRole.OWNER ? OrganizationRole.READER : owner.role(),
                        Map.of(project, owner.projects().get(project)),
                        Optional.of(key.id()),
                        narrowed(key.scope(), areas)));
    }

    private static KeyScope narrowed(KeyScope scope, Set<Area> areas) {
        Set<Area> both = EnumSet.noneOf(Area.class);
        both.addAll(scope.areas());
        both.retainAll(areas);
        return new KeyScope(
                both,
                scope.models(),
                scope.adapters(),
                scope.addresses(),
                scope.origins(),
                scope.requestsPerMinute(),
                scope.tokensPerMinute());
    }

    /**
     * Whose session it is.
     *
     * @throws FactoryException {@code PERMISSION_DENIED} for a changing request without the session's token
     */
    Optional<Caller> bySession(String secret, Credentials credentials) {
        Optional<Session> session = sessions.find(secret);
        Optional<Principal> principal = session.flatMap(found -> principals.find(found.principal()));
        if (session.isPresent()
                && principal.filter(now -> now.role() == session.get().role()).isEmpty()) {
            sessions.end(session.get());
            return Optional.empty();
        }
        Optional<Caller> caller = principal.flatMap(person -> signedIn(person, credentials.project()));
        if (caller.isPresent() && credentials.changesState()) {
            checkCsrfToken(secret, credentials);
        }
        return caller;
    }

    private Optional<Caller> signedIn(Principal person, Optional<String> wish) {
        if (wish.filter(project -> !reaches(person, project)).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Caller(
                person.kind(),
                person.id(),
                wish.orElseGet(() -> usualProject(person)),
                person.role(),
                person.projects(),
                Optional.empty(),
                KeyScope.UNRESTRICTED));
    }

    private static String usualProject(Principal person) {
        boolean inDefault = person.projects().containsKey(Caller.DEFAULT_PROJECT);
        return inDefault || person.projects().isEmpty()
                ? Caller.DEFAULT_PROJECT
                : Collections.min(person.projects().keySet());
    }

    private void checkCsrfToken(String secret, Credentials credentials) {
        boolean brought = credentials
                .csrfToken()
                .filter(token -> sessions.isCsrfToken(secret, token))
                .isPresent();
        if (!brought) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "This request of a browser session lacks its token; send the 'csrf_token' of GET /auth/session in the"
                            + " header '" + Sessions.CSRF_HEADER + "'.");
        }
    }
}
