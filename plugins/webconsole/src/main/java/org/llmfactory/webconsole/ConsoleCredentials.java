package org.llmfactory.webconsole;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.Credentials;
import org.llmfactory.rest.Sessions;

/** The credentials of a request. The console asks before the filters of the HTTP side run, so they are read here as there. */
final class ConsoleCredentials {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private ConsoleCredentials() {}

    static Credentials of(HttpServletRequest request) {
        return new Credentials(
                key(request.getHeader("Authorization")),
                cookie(request),
                Optional.empty(),
                !READING.contains(request.getMethod()),
                request.getRemoteAddr(),
                Optional.ofNullable(request.getHeader("Origin")),
                Optional.empty());
    }

    /** The same for a request that was found to come from the console's own pages. */
    static Credentials withoutToken(Credentials credentials) {
        return new Credentials(
                credentials.apiKey(),
                credentials.session(),
                Optional.empty(),
                false,
                credentials.address(),
                credentials.origin(),
                Optional.empty());
    }

    /**
     * Whether a request comes from a page of the console, or from a program with a bearer token. A browser sends cookies and
     * passwords along with requests of anyone's pages, so there it must vouch for the page.
     */
    static boolean isFromOwnPage(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        boolean program = authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7);
        return program
                || Sessions.isFromOwnPage(
                        request.getHeader("Sec-Fetch-Site"), request.getHeader("Origin"), request.getHeader("Host"));
    }

    private static Optional<String> cookie(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Stream.of(cookies)
                        .filter(cookie -> cookie.getName().equals(Sessions.COOKIE))
                        .map(Cookie::getValue)
                        .findFirst();
    }

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
            String credentials = new String(Base64.getDecoder().decode(encoded), UTF_8);
            return Optional.of(credentials.substring(credentials.indexOf(':') + 1));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
