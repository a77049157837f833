package org.llmfactory.auth.web;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.auth.password.Passwords;
import org.llmfactory.auth.session.BrowserSessions;
import org.llmfactory.auth.web.SignIns.SignedIn;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Changes the password of whoever is signed in; his other sessions end. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/password")
public final class PasswordServlet extends AuthServlet {
    private static final long serialVersionUID = 1L;

    private final transient SignIns signIns;
    private final transient Passwords passwords;
    private final transient BrowserSessions sessions;
    private final transient Ledger ledger;
    private final transient WebSettings settings;

    @Activate
    public PasswordServlet(
            @Reference SignIns signIns,
            @Reference Passwords passwords,
            @Reference BrowserSessions sessions,
            @Reference Ledger ledger,
            @Reference WebSettings settings) {
        this.signIns = signIns;
        this.passwords = passwords;
        this.sessions = sessions;
        this.ledger = ledger;
        this.settings = settings;
    }

    @Override
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        settings.checkOwnPage(request);
        SignedIn signedIn = signIns.require(request);
        Submission submission = Submission.of(request);
        try {
            change(request, signedIn, submission);
        } catch (FactoryException refusal) {
            if (!submission.form()) {
                throw refusal;
            }
            String notice = Page.notice("error", String.valueOf(refusal.getMessage()));
            new AccountServlet(signIns, passwords).send(response, refusal.code().status(), signedIn, notice);
            return;
        }
        if (submission.form()) {
            seeOther(response, "/auth/account?changed");
        } else {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    private void change(HttpServletRequest request, SignedIn signedIn, Submission submission) {
        String person = signedIn.user().id();
        AuditEvent event = AuditEvent.of("user.updated", signedIn.actor(request), Optional.empty(), person)
                .with(Map.of("changed", "password"));
        passwords.change(
                signedIn.user(),
                submission.required("current_password"),
                submission.required("password"),
                request.getRemoteAddr(),
                handle -> {
                    sessions.endOthers(handle, person, signedIn.secret());
                    ledger.record(event);
                });
        sessions.ended(person);
    }
}
