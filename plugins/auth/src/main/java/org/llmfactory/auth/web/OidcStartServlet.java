package org.llmfactory.auth.web;

import java.io.IOException;
import java.net.URI;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.auth.oidc.OpenIdConnect;
import org.llmfactory.auth.oidc.RefusedException;
import org.llmfactory.auth.store.Secrets;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the browser to the identity provider. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/oidc/start")
public final class OidcStartServlet extends AuthServlet {
    /** Ties a sign-in to the browser it was begun in. */
    static final String COOKIE = "llmfactory_sign_in";

    static final String COOKIE_PATH = "/auth/oidc";
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(OidcStartServlet.class);

    private final transient OpenIdConnect provider;
    private final transient WebSettings settings;

    @Activate
    public OidcStartServlet(@Reference OpenIdConnect provider, @Reference WebSettings settings) {
        this.provider = provider;
        this.settings = settings;
    }

    @Override
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String browser = Secrets.secret();
        URI callback = URI.create(settings.origin(request) + "/auth/oidc/callback");
        try {
            URI there = provider.begin(browser, callback, settings.next(request.getParameter("next")));
            SessionCookie.write(response, COOKIE, browser, COOKIE_PATH, settings.isSecure(request));
            seeOther(response, there.toString());
        } catch (RefusedException refusal) {
            LOG.warn("Sign-in through the identity provider cannot begin", refusal);
            seeOther(response, "/auth/sign-in?error=" + refusal.reason().code());
        }
    }
}
