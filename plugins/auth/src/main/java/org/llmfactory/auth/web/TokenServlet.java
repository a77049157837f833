package org.llmfactory.auth.web;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.auth.key.KeyLookup;
import org.llmfactory.auth.key.ShortTokens;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Gives a page a short token for its publishable key. The browser vouches for the page's origin. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/token")
public final class TokenServlet extends AuthServlet {
    private static final long serialVersionUID = 1L;

    private final transient KeyLookup keys;
    private final transient ShortTokens tokens;

    /** OAuth's shape, which clients know. */
    private record Token(String accessToken, String tokenType, long expiresIn) {
        /** Does not tell the token. */
        @Override
        public String toString() {
            return "Token";
        }
    }

    @Activate
    public TokenServlet(@Reference KeyLookup keys, @Reference ShortTokens tokens) {
        this.keys = keys;
        this.tokens = tokens;
    }

    @Override
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String key = bearer(request)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.INVALID_API_KEY,
                        "Send your publishable key in an Authorization header: 'Authorization: Bearer pk-…'."));
        String origin = Optional.ofNullable(request.getHeader("Origin")).orElse("");
        String token = keys.publishable(key, origin)
                .filter(record -> record.worksAt(Clock.systemUTC().instant()))
                .filter(record -> record.worksFrom(request.getRemoteAddr()))
                .map(record -> tokens.issue(record.key().id(), origin))
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.INVALID_API_KEY,
                        "Incorrect publishable key provided: it is wrong, expired or revoked, or not for this page's"
                                + " origin."));
        json(response, HttpServletResponse.SC_OK, new Token(token, "Bearer", ShortTokens.LIFETIME.toSeconds()));
    }

    private static Optional<String> bearer(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("Authorization"))
                .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(header -> header.substring(7).strip());
    }
}
