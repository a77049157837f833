package org.llmfactory.rest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How browsers carry a session, and how one tells their own pages from others'. */
public final class Sessions {
    /** The cookie that holds it. */
    public static final String COOKIE = "llmfactory_session";

    /** The header that every changing request of a page brings, with the token that came at sign-in. */
    public static final String CSRF_HEADER = "X-CSRF-Token";

    private Sessions() {}

    /**
     * Whether the browser vouches that a page of this platform sent a request: for the few pages that cannot send the token.
     *
     * @param site the header {@code Sec-Fetch-Site}
     * @param origin the header {@code Origin}
     * @param host the header {@code Host}
     * @return false when a header speaks against it, or none speaks for it
     */
    public static boolean isFromOwnPage(@Nullable String site, @Nullable String origin, @Nullable String host) {
        if (site != null && !site.equals("same-origin")) {
            return false;
        }
        // A proxy may have ended TLS, so that the scheme is not known here.
        return origin == null
                ? site != null
                : host != null
                        && origin.substring(origin.indexOf("://") + 1).equals("//" + host.toLowerCase(Locale.ROOT));
    }
}
