package org.llmfactory.webconsole;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Lets administrators into the console: any user name, an administrator's API key as the password. The console's own
 * password is never asked: the framework property {@code felix.webconsole.security.providers} keeps the console shut
 * until this service is there.
 */
@Component(property = SecurityProvider.PROPERTY_ID + "=" + ConsoleSecurity.ID)
public final class ConsoleSecurity implements SecurityProvider {
    static final String ID = "org.llmfactory.webconsole";

    private static final String BASIC = "Basic ";

    private final Authenticator authenticator;

    @Activate
    public ConsoleSecurity(@Reference Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        Optional<Caller> caller = password(request.getHeader("Authorization"))
                .flatMap(authenticator::authenticate)
                .filter(Caller::administrator);
        if (caller.isEmpty()) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"LLM Factory\"");
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        }
        return caller.map(Caller::id).orElse(null);
    }

    @Override
    public boolean authorize(Object user, String role) {
        return true;
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("WWW-Authenticate", "Basic realm=\"LLM Factory\"");
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }

    private static Optional<String> password(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String credentials = new String(decoded, StandardCharsets.UTF_8);
            return Optional.of(credentials.substring(credentials.indexOf(':') + 1));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
