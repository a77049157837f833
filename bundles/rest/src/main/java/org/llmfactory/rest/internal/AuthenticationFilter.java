package org.llmfactory.rest.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Credentials;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.RequestAttributes;
import org.llmfactory.rest.ServletErrors;
import org.llmfactory.rest.Sessions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Asks every request on every path who is calling, but for a few open paths, and leaves the {@link Caller} as a request
 * attribute. An API key comes as a bearer token, or as the password of HTTP basic authentication; a browser session as a
 * cookie. While there is no {@link Authenticator}, everything is refused.
 */
@Component(
        service = Filter.class,
        configurationPid = "org.llmfactory.rest.authentication",
        property = "service.ranking:Integer=2000")
@Designate(ocd = AuthenticationFilter.Config.class)
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
@HttpWhiteboardFilterAsyncSupported
public final class AuthenticationFilter implements Filter {
    /** Which paths need no key. */
    @ObjectClassDefinition(name = "LLM Factory: authentication of requests")
    public @interface Config {
        @AttributeDefinition(
                description = "Paths that answer to everyone; each stands for itself only, but for those that"
                        + " end in a slash and an asterisk")
        String[] openPaths() default {"/health", "/auth/*", "/network/join"};

        @AttributeDefinition(
                description = "Paths below which a browser is sent to the sign-in page, and forms of the same"
                        + " origin need no token")
        String[] browserPaths() default {"/system/console"};

        @AttributeDefinition(description = "The page that signs people in; its parameter next says where to go then")
        String signInPage() default "/auth/sign-in";
    }

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** What a path below an open one looks like: the container has resolved dots and escapes, and if not, it is closed. */
    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*)+/?");

    private final List<String> openPaths;
    private final List<String> browserPaths;
    private final String signInPage;

    // Dynamic, so that a new authentication plugin takes over without the filter being away for a moment.
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Authenticator authenticator;

    @Activate
    public AuthenticationFilter(Config config) {
        this.openPaths = List.of(config.openPaths());
        this.browserPaths = List.of(config.browserPaths());
        this.signInPage = config.signInPage();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        if (isOpen(path(http))) {
            chain.doFilter(request, response);
            return;
        }
        long started = System.nanoTime();
        Caller caller;
        try {
            caller = authenticate(http);
        } catch (FactoryException refusal) {
            refuse(http, (HttpServletResponse) response, refusal);
            return;
        }
        request.setAttribute(Caller.ATTRIBUTE, caller);
        request.setAttribute(RequestAttributes.ADDRESS, http.getRemoteAddr());
        request.setAttribute(RequestAttributes.AUTHENTICATION_NANOS, System.nanoTime() - started);
        chain.doFilter(request, response);
    }

    private boolean isOpen(String path) {
        return openPaths.stream()
                .anyMatch(open -> open.endsWith("/*")
                        ? path.startsWith(open.substring(0, open.length() - 1))
                                && PLAIN.matcher(path).matches()
                        : path.equals(open));
    }

    private Caller authenticate(HttpServletRequest request) {
        Credentials credentials = credentials(request);
        if (credentials.apiKey().isEmpty() && credentials.session().isEmpty()) {
            throw Callers.unauthenticated();
        }
        Authenticator present = authenticator;
        if (present == null) {
            throw new FactoryException(
                    ErrorCode.INVALID_API_KEY,
                    "Nobody can be recognised at present, so all are refused; the authentication plugin is not"
                            + " running.");
        }
        return present.authenticate(credentials)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.INVALID_API_KEY,
                        credentials.apiKey().isPresent()
                                ? "Incorrect API key provided: it is wrong, expired or revoked, or not for use from here."
                                : "Your session has ended; sign in again."));
    }

    private Credentials credentials(HttpServletRequest request) {
        return new Credentials(
                key(request.getHeader("Authorization")),
                cookie(request),
                Optional.ofNullable(request.getHeader(Sessions.CSRF_HEADER)),
                !READING.contains(request.getMethod()) && !isFormOfAPage(request),
                request.getRemoteAddr(),
                Optional.ofNullable(request.getHeader("Origin")),
                Optional.ofNullable(request.getHeader("OpenAI-Project")).filter(project -> !project.isEmpty()));
    }

    /** Pages that are not ours, such as the Web Console's, know no token; the browser vouches for where they come from. */
    private boolean isFormOfAPage(HttpServletRequest request) {
        return isPage(path(request))
                && request.getHeader(Sessions.CSRF_HEADER) == null
                && Sessions.isFromOwnPage(
                        request.getHeader("Sec-Fetch-Site"), request.getHeader("Origin"), request.getHeader("Host"));
    }

    private boolean isPage(String path) {
        return browserPaths.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
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

    private static Optional<String> key(@Nullable String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return Optional.empty();
        }
        String credentials = authorization.substring(space + 1).strip();
        return switch (authorization.substring(0, space).toLowerCase(Locale.ROOT)) {
            case "bearer" -> Optional.of(credentials).filter(key -> !key.isEmpty());
            case "basic" -> password(credentials);
            default -> Optional.empty();
        };
    }

    private static Optional<String> password(String credentials) {
        try {
            String decoded = new String(Base64.getDecoder().decode(credentials), UTF_8);
            int colon = decoded.indexOf(':');
            return Optional.of(decoded.substring(colon + 1)).filter(key -> !key.isEmpty());
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, FactoryException refusal)
            throws IOException {
        String path = path(request);
        if (isPage(path) && "GET".equals(request.getMethod()) && request.getHeader("Authorization") == null) {
            response.sendRedirect(signInPage + "?next=" + URLEncoder.encode(path, UTF_8));
            return;
        }
        response.setHeader("WWW-Authenticate", "Bearer realm=\"LLM Factory\"");
        ServletErrors.send(response, refusal);
    }

    /** The path that the container chose the servlet by, decoded and normalised, without path parameters. */
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        return request.getContextPath() + request.getServletPath() + (info == null ? "" : info);
    }
}
