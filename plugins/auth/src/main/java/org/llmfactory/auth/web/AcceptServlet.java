package org.llmfactory.auth.web;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.User;
import org.llmfactory.auth.password.Passwords;
import org.llmfactory.auth.web.SignIns.SignedIn;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** The page behind an invitation's link: a name and a password, and one is in. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/accept")
public final class AcceptServlet extends AuthServlet {
    private static final long serialVersionUID = 1L;
    private static final String METHOD = "invitation";
    private static final int LONGEST_NAME = 256;

    /** Clocks of database and agent may differ by so much. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private final transient Directory directory;
    private final transient Passwords passwords;
    private final transient SignIns signIns;
    private final transient WebSettings settings;

    @Activate
    public AcceptServlet(
            @Reference Directory directory,
            @Reference Passwords passwords,
            @Reference SignIns signIns,
            @Reference WebSettings settings) {
        this.directory = directory;
        this.passwords = passwords;
        this.signIns = signIns;
        this.settings = settings;
    }

    @Override
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String token = Optional.ofNullable(request.getParameter("token")).orElse("");
        page(response, HttpServletResponse.SC_OK, token, "", "");
    }

    private void page(HttpServletResponse response, int status, String token, String name, String error)
            throws IOException {
        new Page("accept")
                .with("notice", Page.notice("error", error))
                .with("token", token)
                .with("name", name)
                .with("minimum", Integer.toString(passwords.minimumLength()))
                .send(response, status, "Welcome");
    }

    @Override
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        settings.checkOwnPage(request);
        Submission submission = Submission.of(request);
        try {
            Optional<SignedIn> signedIn = accept(request, response, submission);
            if (!submission.form()) {
                Object body = signedIn.isPresent() ? signIns.describe(signedIn.get()) : known();
                json(response, HttpServletResponse.SC_OK, body);
            } else if (signedIn.isPresent()) {
                seeOther(response, settings.next(null));
            } else {
                seeOther(response, "/auth/sign-in?error=invitation");
            }
        } catch (FactoryException refusal) {
            if (!submission.form()) {
                throw refusal;
            }
            page(
                    response,
                    refusal.code().status(),
                    submission.optional("token").orElse(""),
                    submission.optional("name").orElse(""),
                    String.valueOf(refusal.getMessage()));
        }
    }

    private static Map<String, Object> known() {
        return Map.of("object", "invitation.accepted", "signed_in", false);
    }

    /** Empty for somebody who was here before: an invitation gives him projects, but nobody his password. */
    private Optional<SignedIn> accept(HttpServletRequest request, HttpServletResponse response, Submission submission) {
        String token = submission.required("token");
        String name = submission.required("name").strip();
        String password = submission.required("password");
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.codePoints().anyMatch(Character::isISOControl)) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE, "name", "Invalid 'name': expected 1 to " + LONGEST_NAME + " characters.");
        }
        // Before the invitation is used up.
        passwords.check(password);
        Instant began = Instant.now();
        User user = directory.accept(token, name);
        if (user.added().isBefore(began.minus(TOLERANCE)) || passwords.exists(user.id())) {
            return Optional.empty();
        }
        passwords.set(user, password);
        return Optional.of(signIns.begin(request, response, user, METHOD));
    }
}
