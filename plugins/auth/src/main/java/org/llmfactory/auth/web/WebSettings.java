package org.llmfactory.auth.web;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where browsers reach the platform, and which of their requests come from its own pages. */
@Component(service = WebSettings.class, configurationPid = "org.llmfactory.auth.web")
@Designate(ocd = WebSettings.Config.class)
public final class WebSettings {
    /** How browsers reach the platform. */
    @ObjectClassDefinition(name = "LLM Factory: sign-in pages")
    public @interface Config {
        @AttributeDefinition(
                description = "URL that people reach the platform by, for example https://llm.example;"
                        + " when empty, whatever host a request names. Set it behind a proxy")
        String publicUrl() default "";

        @AttributeDefinition(
                description = "Path that people come to after signing in, unless they were going elsewhere")
        String landingPage() default "/auth/account";
    }

    private static final Pattern LOCAL = Pattern.compile("/([\\x21-\\x7e&&[^/\\\\]][\\x21-\\x7e&&[^\\\\]]*)?");

    private final Optional<URI> publicUrl;
    private final String landingPage;

    @Activate
    public WebSettings(Config config) {
        this.publicUrl = config.publicUrl().isBlank()
                ? Optional.empty()
                : Optional.of(URI.create(config.publicUrl().strip()));
        this.landingPage = config.landingPage();
    }

    /** The platform's origin as the browser sees it. */
    String origin(HttpServletRequest request) {
        return publicUrl
                .map(url -> url.getScheme() + "://" + url.getAuthority())
                .orElseGet(() -> request.getScheme() + "://" + host(request))
                .toLowerCase(Locale.ROOT);
    }

    private static String host(HttpServletRequest request) {
        String host = request.getHeader("Host");
        return host == null ? request.getServerName() + ":" + request.getServerPort() : host;
    }

    /** Whether cookies are to travel over TLS only. */
    boolean isSecure(HttpServletRequest request) {
        return origin(request).startsWith("https:") || request.isSecure();
    }

    /** Where to go next: a path of this platform and nothing else, or the usual one. */
    String next(@Nullable String wish) {
        return wish != null && LOCAL.matcher(wish).matches() ? wish : landingPage;
    }

    /**
     * Refuses a request that a page of somebody else made the browser send. Programs, which say nothing of where they come from,
     * are let through; they have no cookies that anyone could abuse.
     *
     * @throws FactoryException {@code PERMISSION_DENIED}
     */
    void checkOwnPage(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean foreignSite = site != null && !site.equals("same-origin") && !site.equals("none");
        boolean foreignOrigin = origin != null && !isOwn(origin, request);
        boolean silentForm = site == null && origin == null && Submission.isForm(request);
        if (foreignSite || foreignOrigin || silentForm) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "This request does not come from a page of this platform. If it does, and the platform stands behind a"
                            + " proxy, set its public URL.");
        }
    }

    private boolean isOwn(String origin, HttpServletRequest request) {
        if (publicUrl.isPresent()) {
            return origin.equals(origin(request));
        }
        // A proxy may have ended TLS, so that the scheme here is not the browser's.
        return origin.substring(origin.indexOf("://") + 1).equalsIgnoreCase("//" + host(request));
    }
}
