package org.llmfactory.auth.key;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey.Kind;
import org.llmfactory.api.identity.ApiKeys.Order;
import org.llmfactory.auth.store.Network;

/** What a key can be. Refusals are {@code INVALID_VALUE} and name the field. */
final class KeyRules {
    private static final int LONGEST_NAME = 256;
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(30);
    private static final Set<String> SCHEMES = Set.of("https", "http");

    private KeyRules() {}

    static void check(Order order, Instant now) {
        String name = order.name();
        if (name.isBlank() || name.codePointCount(0, name.length()) > LONGEST_NAME) {
            throw invalid("name", "expected 1 to " + LONGEST_NAME + " characters");
        }
        if (name.codePoints().anyMatch(Character::isISOControl)) {
            throw invalid("name", "control characters are not taken");
        }
        if (order.expires().filter(end -> !end.isAfter(now)).isPresent()) {
            throw invalid("expires_at", "this time has passed");
        }
        if (order.project().isPresent() == (order.kind() == Kind.ADMIN)) {
            throw invalid(
                    "project", "a key belongs to one project, but for administrators' keys, which belong to none");
        }
        checkScope(order);
    }

    private static void checkScope(Order order) {
        if (order.scope().areas().isEmpty()) {
            throw invalid("scope.areas", "a key opens one area at least");
        }
        for (String address : order.scope().addresses()) {
            if (Network.parse(address).isEmpty()) {
                throw invalid(
                        "scope.addresses", "expected addresses or networks such as 192.0.2.0/24 or 2001:db8::/32");
            }
        }
        for (String origin : order.scope().origins()) {
            if (!isOrigin(origin)) {
                throw invalid("scope.origins", "expected origins such as https://app.example or http://localhost:3000");
            }
        }
        boolean publishable = order.kind() == Kind.PUBLISHABLE;
        if (publishable == order.scope().origins().isEmpty()) {
            throw invalid("scope.origins", "a publishable key has one origin at least, any other key none");
        }
        if (order.scope().requestsPerMinute().orElse(1) < 1) {
            throw invalid("scope.requests_per_minute", "expected 1 or more");
        }
        if (order.scope().tokensPerMinute().orElse(1) < 1) {
            throw invalid("scope.tokens_per_minute", "expected 1 or more");
        }
    }

    static void checkOverlap(Duration overlap) {
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw invalid("overlap", "expected zero to " + LONGEST_OVERLAP.toDays() + " days");
        }
    }

    /** An origin exactly as browsers write it. */
    private static boolean isOrigin(String text) {
        try {
            URI uri = new URI(text);
            return SCHEMES.contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && text.equals(text.toLowerCase(Locale.ROOT))
                    && text.equals(
                            uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()))
                    && !isDefaultPort(uri);
        } catch (URISyntaxException noOrigin) {
            return false;
        }
    }

    private static boolean isDefaultPort(URI uri) {
        return uri.getPort() == ("https".equals(uri.getScheme()) ? 443 : 80);
    }

    private static FactoryException invalid(String parameter, String reason) {
        return FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE, parameter, "Invalid '" + parameter + "': " + reason + ".");
    }
}
