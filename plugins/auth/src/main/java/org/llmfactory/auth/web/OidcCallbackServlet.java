package org.llmfactory.auth.web;

import java.io.IOException;
import java.net.URI;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.User;
import org.llmfactory.auth.oidc.Identity;
import org.llmfactory.auth.oidc.OpenIdConnect;
import org.llmfactory.auth.oidc.RefusedException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the identity provider sends people back to. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/oidc/callback")
public final class OidcCallbackServlet extends AuthServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(OidcCallbackServlet.class);
    private static final String METHOD = "oidc";

    private final transient OpenIdConnect provider;
    private final transient Directory directory;
    private final transient SignIns signIns;
    private final transient WebSettings settings;

    @Activate
    public OidcCallbackServlet(
            @Reference OpenIdConnect provider,
            @Reference Directory directory,
            @Reference SignIns signIns,
            @Reference WebSettings settings) {
        this.provider = provider;
        this.directory = directory;
        this.signIns = signIns;
        this.settings = settings;
    }

    @Override
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String browser = SessionCookie.read(request, OidcStartServlet.COOKIE).orElse("");
        SessionCookie.clear(
                response, OidcStartServlet.COOKIE, OidcStartServlet.COOKIE_PATH, settings.isSecure(request));
        try {
            OpenIdConnect.Returned returned = provider.end(callback(request), browser);
            User user = known(request, returned.identity());
            signIns.begin(request, response, user, METHOD);
            seeOther(response, returned.next());
        } catch (RefusedException refusal) {
            LOG.warn("Nobody was signed in through the identity provider", refusal);
            signIns.refused(request, "", METHOD, String.valueOf(refusal.getMessage()));
            seeOther(response, "/auth/sign-in?error=" + refusal.reason().code());
        } catch (FactoryException refusal) {
            if (refusal.code() != ErrorCode.PERMISSION_DENIED) {
                throw refusal;
            }
            seeOther(response, "/auth/sign-in?error=uninvited");
        }
    }

    private static URI callback(HttpServletRequest request) {
        String query = request.getQueryString();
        try {
            return URI.create("https://callback" + (query == null ? "" : "?" + query));
        } catch (IllegalArgumentException malformed) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The callback is malformed.");
        }
    }

    private User known(HttpServletRequest request, Identity identity) {
        try {
            return directory.signedIn(identity.email(), identity.name(), identity.groups());
        } catch (FactoryException refusal) {
            signIns.refused(request, identity.email(), METHOD, "not invited");
            throw refusal;
        }
    }
}
