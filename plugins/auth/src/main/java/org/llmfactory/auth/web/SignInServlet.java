package org.llmfactory.auth.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.User;
import org.llmfactory.auth.oidc.OpenIdConnect;
import org.llmfactory.auth.password.Passwords;
import org.llmfactory.auth.web.SignIns.SignedIn;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** The page that signs people in, and what its form is sent to. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/sign-in")
public final class SignInServlet extends AuthServlet {
    private static final long serialVersionUID = 1L;
    private static final String METHOD = "password";

    private final transient Passwords passwords;
    private final transient SignIns signIns;
    private final transient WebSettings settings;
    private final transient OpenIdConnect provider;

    @Activate
    public SignInServlet(
            @Reference Passwords passwords,
            @Reference SignIns signIns,
            @Reference WebSettings settings,
            @Reference OpenIdConnect provider) {
        this.passwords = passwords;
        this.signIns = signIns;
        this.settings = settings;
        this.provider = provider;
    }

    @Override
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String next = settings.next(request.getParameter("next"));
        String error = Optional.ofNullable(request.getParameter("error"))
                .map(SignInServlet::explained)
                .orElse("");
        page(response, HttpServletResponse.SC_OK, next, "", error);
    }

    /** Only texts of our own are shown, whatever a link says. */
    private static String explained(String error) {
        return switch (error) {
            case "provider" -> "Your identity provider could not sign you in. Try again, or ask your administrator.";
            case "uninvited" -> "Your account is known to your identity provider, but you have not been invited here.";
            case "unverified" -> "Your identity provider has not verified your email address.";
            case "expired" -> "Signing in took too long or was begun in another browser. Please begin anew.";
            case "invitation" -> "You have an account already. Sign in with it; your invitation has been accepted.";
            default -> "";
        };
    }

    private void page(HttpServletResponse response, int status, String next, String email, String error)
            throws IOException {
        new Page("sign-in")
                .with("notice", Page.notice("error", error))
                .with("next", next)
                .with("email", email)
                .with("provider", providerLink(next))
                .send(response, status, "Sign in");
    }

    private String providerLink(String next) {
        return provider.displayName()
                .map(name -> new Page("sign-in-provider")
                        .with("name", name)
                        .with("next", URLEncoder.encode(next, UTF_8))
                        .render())
                .orElse("");
    }

    @Override
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        settings.checkOwnPage(request);
        Submission submission = Submission.of(request);
        String next = settings.next(submission.optional("next").orElse(null));
        try {
            SignedIn signedIn = signIn(request, response, submission);
            if (submission.form()) {
                seeOther(response, next);
            } else {
                json(response, HttpServletResponse.SC_OK, signIns.describe(signedIn));
            }
        } catch (FactoryException refusal) {
            if (!submission.form()) {
                throw refusal;
            }
            String email = submission.optional("email").orElse("");
            page(response, refusal.code().status(), next, email, String.valueOf(refusal.getMessage()));
        }
    }

    private SignedIn signIn(HttpServletRequest request, HttpServletResponse response, Submission submission) {
        String email = submission.required("email");
        Optional<User> user = passwords.signIn(email, submission.required("password"), request.getRemoteAddr());
        if (user.isEmpty()) {
            signIns.refused(request, email, METHOD, "wrong address or password");
            throw new FactoryException(ErrorCode.INVALID_API_KEY, "This address and password do not belong together.");
        }
        return signIns.begin(request, response, user.get(), METHOD);
    }
}
