package org.llmfactory.api.identity.testing;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;

/** Knows the keys it was given. */
public final class InMemoryAuthenticator implements Authenticator {
    /** A caller who may change the platform. */
    public static final Caller ADMINISTRATOR = new Caller("administrator", "default", true);

    /** A caller who may only use it. */
    public static final Caller USER = new Caller("user", "default", false);

    private final Map<String, Caller> callers = new ConcurrentHashMap<>();

    /** From now on {@code apiKey} is that caller's. */
    public InMemoryAuthenticator allow(String apiKey, Caller caller) {
        callers.put(apiKey, caller);
        return this;
    }

    @Override
    public Optional<Caller> authenticate(String apiKey) {
        return Optional.ofNullable(callers.get(apiKey));
    }
}
