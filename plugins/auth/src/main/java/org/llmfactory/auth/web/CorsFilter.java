package org.llmfactory.auth.web;

import java.io.IOException;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.llmfactory.auth.key.ShortTokens;
import org.llmfactory.auth.key.StoredApiKeys;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Lets pages of other origins read answers: those origins that a publishable key names, and answers to requests with a short
 * token or for one. Cookies are never part of it. Stands before authentication, since a preflight has no credentials.
 */
@Component(service = Filter.class, property = "service.ranking:Integer=2500")
@HttpWhiteboardFilterPattern({"/v1/*", "/auth/token"})
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
@HttpWhiteboardFilterAsyncSupported
public final class CorsFilter implements Filter {
    private static final String EXPOSED =
            "x-request-id, openai-processing-ms, Retry-After, retry-after-ms, x-should-retry,"
                    + " x-ratelimit-limit-requests, x-ratelimit-limit-tokens, x-ratelimit-remaining-requests,"
                    + " x-ratelimit-remaining-tokens, x-ratelimit-reset-requests, x-ratelimit-reset-tokens";
    private static final String MINUTES_10 = "600";

    private final StoredApiKeys keys;

    @Activate
    public CorsFilter(@Reference StoredApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        String origin = http.getHeader("Origin");
        if (origin == null) {
            chain.doFilter(request, response);
            return;
        }
        answer.addHeader("Vary", "Origin");
        boolean preflight =
                "OPTIONS".equals(http.getMethod()) && http.getHeader("Access-Control-Request-Method") != null;
        if ((preflight || isForPages(http)) && keys.origins().contains(origin)) {
            answer.setHeader("Access-Control-Allow-Origin", origin);
            answer.setHeader("Access-Control-Expose-Headers", EXPOSED);
            if (preflight) {
                allow(http, answer);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private static boolean isForPages(HttpServletRequest request) {
        return "/auth/token".equals(request.getRequestURI()) || isShortToken(request.getHeader("Authorization"));
    }

    private static boolean isShortToken(@Nullable String authorization) {
        String start = "Bearer " + ShortTokens.PREFIX;
        return authorization != null && authorization.regionMatches(true, 0, start, 0, start.length());
    }

    private static void allow(HttpServletRequest request, HttpServletResponse answer) {
        answer.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
        String headers = request.getHeader("Access-Control-Request-Headers");
        if (headers != null && headers.matches("[A-Za-z0-9_, -]{1,2000}")) {
            // The token is what decides; which headers a client library adds does not matter.
            answer.setHeader("Access-Control-Allow-Headers", headers);
        }
        answer.setHeader("Access-Control-Max-Age", MINUTES_10);
        answer.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
