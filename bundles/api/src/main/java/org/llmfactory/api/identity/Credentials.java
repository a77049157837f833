package org.llmfactory.api.identity;

import java.util.Objects;
import java.util.Optional;

/**
 * What a request brings to say who is calling.
 *
 * @param apiKey an API key or a short token made from a publishable one
 * @param session the session cookie's value; not looked at where there is an API key
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
        Objects.requireNonNull(apiKey, "apiKey");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(csrfToken, "csrfToken");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(project, "project");
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
