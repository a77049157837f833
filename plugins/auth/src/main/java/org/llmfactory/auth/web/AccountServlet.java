package org.llmfactory.auth.web;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.identity.User;
import org.llmfactory.auth.password.Passwords;
import org.llmfactory.auth.web.SignIns.SignedIn;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** The page on which people see who they are here, change their password and sign out. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/account")
public final class AccountServlet extends AuthServlet {
    private static final long serialVersionUID = 1L;

    private final transient SignIns signIns;
    private final transient Passwords passwords;

    @Activate
    public AccountServlet(@Reference SignIns signIns, @Reference Passwords passwords) {
        this.signIns = signIns;
        this.passwords = passwords;
    }

    @Override
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<SignedIn> signedIn = signIns.current(request);
        if (signedIn.isEmpty()) {
            seeOther(response, "/auth/sign-in");
            return;
        }
        boolean changed = request.getParameter("changed") != null;
        String notice = changed ? Page.notice("done", "Your password was changed.") : "";
        send(response, HttpServletResponse.SC_OK, signedIn.get(), notice);
    }

    void send(HttpServletResponse response, int status, SignedIn signedIn, String notice) throws IOException {
        SessionObject session = signIns.describe(signedIn);
        String projects = session.projects().stream()
                .map(project -> new Page("account-project")
                        .with("id", project.id())
                        .with("role", project.role())
                        .render())
                .collect(Collectors.joining());
        new Page("account")
                .with("notice", notice)
                .with("name", session.user().name())
                .with("email", session.user().email())
                .with("projects", projects)
                .with("password", passwordForm(signedIn.user()))
                .send(response, status, "Your account");
    }

    private String passwordForm(User user) {
        return passwords.exists(user.id())
                ? new Page("account-password")
                        .with("email", user.email())
                        .with("minimum", Integer.toString(passwords.minimumLength()))
                        .render()
                : "";
    }
}
