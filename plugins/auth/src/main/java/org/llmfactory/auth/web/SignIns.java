package org.llmfactory.auth.web;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.auth.session.BrowserSessions;
import org.llmfactory.auth.session.Session;
import org.llmfactory.rest.Sessions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Signs browsers in and out, and enters it in the audit log. */
@Component(service = SignIns.class)
public final class SignIns {
    private static final int LONGEST_NAME = 254;

    private final BrowserSessions sessions;
    private final Directory directory;
    private final Ledger ledger;
    private final WebSettings settings;

    /**
     * A browser that is signed in.
     *
     * @param secret the content of its cookie
     */
    record SignedIn(String secret, Session session, User user) {
        SignedIn {
            Objects.requireNonNull(secret, "secret");
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(user, "user");
        }

        Actor actor(HttpServletRequest request) {
            return new Actor(Actor.Kind.SESSION, user.id(), Optional.empty(), request.getRemoteAddr());
        }

        /** Says nothing of the cookie. */
        @Override
        public String toString() {
            return "SignedIn[" + user.id() + "]";
        }
    }

    @Activate
    public SignIns(
            @Reference BrowserSessions sessions,
            @Reference Directory directory,
            @Reference Ledger ledger,
            @Reference WebSettings settings) {
        this.sessions = sessions;
        this.directory = directory;
        this.ledger = ledger;
        this.settings = settings;
    }

    /** Who is signed in at the browser that sent a request. */
    Optional<SignedIn> current(HttpServletRequest request) {
        return SessionCookie.read(request, Sessions.COOKIE).flatMap(this::of);
    }

    private Optional<SignedIn> of(String secret) {
        return sessions.find(secret)
                .flatMap(session -> directory
                        .user(session.principal())
                        .filter(user -> user.role() == session.role())
                        .map(user -> new SignedIn(secret, session, user)));
    }

    /** @throws FactoryException {@code INVALID_API_KEY} when nobody is */
    SignedIn require(HttpServletRequest request) {
        return current(request)
                .orElseThrow(() -> new FactoryException(ErrorCode.INVALID_API_KEY, "You are not signed in."));
    }

    /** Begins a session under a new cookie; one that the browser had before ends. */
    SignedIn begin(HttpServletRequest request, HttpServletResponse response, User user, String method) {
        Actor actor = new Actor(Actor.Kind.SESSION, user.id(), Optional.empty(), request.getRemoteAddr());
        ledger.record(AuditEvent.of("login.succeeded", actor, Optional.empty(), user.id())
                .with(Map.of("method", method)));
        SessionCookie.read(request, Sessions.COOKIE).ifPresent(sessions::end);
        String secret = sessions.begin(user);
        SessionCookie.write(response, Sessions.COOKIE, secret, "/", settings.isSecure(request));
        return of(secret)
                .orElseThrow(() -> new FactoryException(ErrorCode.PERMISSION_DENIED, "Your account was changed."));
    }

    /**
     * Notes that somebody was not let in.
     *
     * @param name what he called himself
     * @param reason for the administrators
     */
    void refused(HttpServletRequest request, String name, String method, String reason) {
        // Who enters the password in place of the address shall not find it in the log.
        String shown = name.contains("@") && name.length() <= LONGEST_NAME ? name.strip() : "";
        ledger.record(new AuditEvent(
                "login.failed",
                Actor.anonymous(shown, request.getRemoteAddr()),
                Optional.empty(),
                Optional.empty(),
                Map.of("method", method, "error", reason)));
    }

    /** Ends the session of a browser. */
    void end(HttpServletRequest request, HttpServletResponse response) {
        Optional<SignedIn> current = current(request);
        current.ifPresent(signedIn -> ledger.record(AuditEvent.of(
                "logout.succeeded",
                signedIn.actor(request),
                Optional.empty(),
                signedIn.user().id())));
        SessionCookie.read(request, Sessions.COOKIE).ifPresent(sessions::end);
        SessionCookie.clear(response, Sessions.COOKIE, "/", settings.isSecure(request));
    }

    /** What a page needs to know of its session. */
    SessionObject describe(SignedIn signedIn) {
        return SessionObject.of(
                signedIn, directory.memberships(signedIn.user().id()), sessions.csrfToken(signedIn.secret()));
    }
}
