package org.llmfactory.api.identity.testing;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Credentials;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

/** Knows the keys and sessions it was given. */
public final class InMemoryAuthenticator implements Authenticator {
    /** A caller who may change the platform. */
    public static final Caller ADMINISTRATOR = Caller.platform();

    /** A member of the default project, who may only use the platform. */
    public static final Caller USER = user("user-1", Caller.DEFAULT_PROJECT, ProjectRole.MEMBER);

    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    private record Session(String csrfToken, Caller caller) {}

    /** A person with a role in one project, who came with a key of his own. */
    public static Caller user(String id, String project, ProjectRole role) {
        return new Caller(
                Caller.Kind.USER,
                id,
                project,
                OrganizationRole.READER,
                Map.of(project, role),
                Optional.of("key_" + id),
                KeyScope.of(EnumSet.allOf(Area.class)));
    }

    /** From now on {@code apiKey} is that caller's. */
    public InMemoryAuthenticator allow(String apiKey, Caller caller) {
        callers.put(Credentials.folded(apiKey), caller);
        return this;
    }

    /** From now on {@code session} is that caller's, with that CSRF token. */
    public InMemoryAuthenticator allowSession(String session, String csrfToken, Caller caller) {
        sessions.put(Credentials.folded(session), new Session(csrfToken, caller));
        return this;
    }

    @Override
    public Optional<Caller> authenticate(Credentials credentials) {
        if (credentials.apiKey().isPresent()) {
            return credentials.apiKey().map(callers::get);
        }
        Optional<Session> session = credentials.session().map(sessions::get);
        if (session.isPresent()
                && credentials.changesState()
                && !credentials.csrfToken().equals(session.map(Session::csrfToken))) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, "The CSRF token is missing or wrong.");
        }
        return session.map(Session::caller);
    }
}
