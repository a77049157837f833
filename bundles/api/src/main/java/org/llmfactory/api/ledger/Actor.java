package org.llmfactory.api.ledger;

import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.identity.Caller;

/**
 * Who did something.
 *
 * @param kind how he came
 * @param id of the principal; for {@link Kind#ANONYMOUS} what he called himself
 * @param apiKey id of the API key he came with
 * @param address the client's network address, empty for the platform's own doings
 */
public record Actor(Kind kind, String id, Optional<String> apiKey, String address) {
    /** How an actor came. */
    public enum Kind {
        SESSION,
        API_KEY,
        /** The platform itself, of its own accord. */
        SYSTEM,
        /** Someone who is not signed in. */
        ANONYMOUS
    }

    public Actor {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(apiKey, "apiKey");
        Objects.requireNonNull(address, "address");
    }

    public static Actor of(Caller caller, String address) {
        boolean session = caller.kind() == Caller.Kind.USER && caller.apiKey().isEmpty();
        return new Actor(session ? Kind.SESSION : Kind.API_KEY, caller.id(), caller.apiKey(), address);
    }

    public static Actor system() {
        return new Actor(Kind.SYSTEM, "system", Optional.empty(), "");
    }

    public static Actor anonymous(String name, String address) {
        return new Actor(Kind.ANONYMOUS, name, Optional.empty(), address);
    }
}
