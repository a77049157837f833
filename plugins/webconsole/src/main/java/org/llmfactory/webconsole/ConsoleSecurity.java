package org.llmfactory.webconsole;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.Optional;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Credentials;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Lets those into the console who may operate the platform: with a session of the platform's own sign-in, or with an API key as
 * a bearer token or a browser's password (any user name). The console's own password is never asked: the framework property
 * {@code felix.webconsole.security.providers} keeps the console shut until this service is there.
 */
@Component(property = SecurityProvider.PROPERTY_ID + "=" + ConsoleSecurity.ID)
public final class ConsoleSecurity implements SecurityProvider {
    static final String ID = "org.llmfactory.webconsole";
    private static final String SIGN_IN = "/auth/sign-in";

    private final Authenticator authenticator;

    @Activate
    public ConsoleSecurity(@Reference Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        Credentials credentials = ConsoleCredentials.of(request);
        if (credentials.changesState() && !ConsoleCredentials.isFromOwnPage(request)) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            return null;
        }
        Optional<Caller> caller = caller(credentials);
        if (caller.filter(ConsoleSecurity::mayOperate).isPresent()) {
            return caller.get().id();
        }
        if (caller.isPresent()) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        } else if (credentials.apiKey().isEmpty() && !credentials.changesState()) {
            redirect(response, SIGN_IN + "?next=" + URLEncoder.encode(request.getRequestURI(), UTF_8));
        } else {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"LLM Factory\"");
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        }
        return null;
    }

    private Optional<Caller> caller(Credentials credentials) {
        try {
            // The console's forms know no token; where they come from has been looked at.
            return authenticator.authenticate(ConsoleCredentials.withoutToken(credentials));
        } catch (FactoryException refused) {
            return Optional.empty();
        }
    }

    private static boolean mayOperate(Caller caller) {
        return AccessPolicy.allows(caller, Action.OPERATE_PLATFORM, Resource.organization());
    }

    @Override
    public boolean authorize(Object user, String role) {
        return true;
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        redirect(response, "/auth/account");
    }

    private static void redirect(HttpServletResponse response, String location) {
        try {
            response.sendRedirect(location);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
