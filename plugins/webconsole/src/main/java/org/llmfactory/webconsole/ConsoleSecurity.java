package org.llmfactory.webconsole;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Lets administrators into the console: an administrator's API key, as a browser's password (any user
 * name) or as a bearer token. The console's own
 * password is never asked: the framework property {@code felix.webconsole.security.providers} keeps the console shut
 * until this service is there.
 */
@Component(property = SecurityProvider.PROPERTY_ID + "=" + ConsoleSecurity.ID)
public final class ConsoleSecurity implements SecurityProvider {
    static final String ID = "org.llmfactory.webconsole";

    private final Authenticator authenticator;

    @Activate
    public ConsoleSecurity(@Reference Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        Optional<Caller> caller = key(request.getHeader("Authorization"))
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

    /** The console asks before the filters of the HTTP side run, so the key is read here as they do it. */
    static Optional<String> key(@Nullable String authorization) {
        String[] parts =
                authorization == null ? new String[0] : authorization.strip().split(" +", 2);
        if (parts.length < 2) {
            return Optional.empty();
        }
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "bearer" -> Optional.of(parts[1]);
            case "basic" -> password(parts[1]);
            default -> Optional.empty();
        };
    }

    private static Optional<String> password(String encoded) {
        try {
            String credentials = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return Optional.of(credentials.substring(credentials.indexOf(':') + 1));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
