package org.llmfactory.api.identity;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a request brings to say who is calling. API keys and sessions are {@linkplain #folded folded}: their case does not
 * matter, and no two of the platform's differ in case alone.
 *
 * @param apiKey an API key or a short token made from a publishable one, in lower case
 * @param session the session cookie's value, in lower case; not looked at where there is an API key
 * @param csrfToken the header that a page sends with its session's requests
 * @param changesState whether the request's method may change something: then a session needs its CSRF token
 * @param address the client's network address
 * @param origin the web origin the request comes from, as the browser states it
 * @param project the project the request wishes to be about ({@code OpenAI-Project})
 */
public record Credentials(
        Optional<String> apiKey,
        Optional<String> session,
        Optional<String> csrfToken,
        boolean changesState,
        String address,
        Optional<String> origin,
        Optional<String> project) {
    public Credentials {
        apiKey = apiKey.map(Credentials::folded);
        session = session.map(Credentials::folded);
        Objects.requireNonNull(csrfToken, "csrfToken");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(project, "project");
    }

    /**
     * A secret in the form in which it is compared, in lower case. HTTP servers remember the header lines of a connection
     * without regard to case, and hand on the line that they remember in place of the one that was sent; so whatever tells
     * secrets apart by their case takes one for the other. Secrets of the platform are made in this form.
     */
    public static String folded(String secret) {
        return secret.toLowerCase(Locale.ROOT);
    }

    /** An API key and nothing else, from the loopback address. */
    public static Credentials ofKey(String apiKey) {
        return new Credentials(
                Optional.of(apiKey),
                Optional.empty(),
                Optional.empty(),
                true,
                "127.0.0.1",
                Optional.empty(),
                Optional.empty());
    }

    /** Says nothing of what it holds. */
    @Override
    public String toString() {
        return "Credentials[from " + address + "]";
    }
}
