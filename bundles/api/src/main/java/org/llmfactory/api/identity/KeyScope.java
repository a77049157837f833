package org.llmfactory.api.identity;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What an API key narrows its owner's rights to. A scope never adds a right.
 *
 * @param areas parts of the interface the key opens
 * @param models ids of the base models it may use; empty for all that the project may use
 * @param adapters ids of the adapters and presets it may use; empty for all
 * @param addresses networks it works from, as addresses or CIDR blocks; empty list for everywhere
 * @param origins web origins a publishable key works from; empty list for none, which all other keys have
 * @param requestsPerMinute requests in a minute at most
 * @param tokensPerMinute tokens in a minute at most, input and output together
 */
public record KeyScope(
        Set<Area> areas,
        Optional<Set<String>> models,
        Optional<Set<String>> adapters,
        List<String> addresses,
        List<String> origins,
        OptionalInt requestsPerMinute,
        OptionalLong tokensPerMinute) {
    /** No narrowing at all. */
    public static final KeyScope UNRESTRICTED = of(EnumSet.allOf(Area.class));

    public KeyScope {
        areas = Set.copyOf(areas);
        models = models.map(Set::copyOf);
        adapters = adapters.map(Set::copyOf);
        addresses = List.copyOf(addresses);
        origins = List.copyOf(origins);
        Objects.requireNonNull(requestsPerMinute, "requestsPerMinute");
        Objects.requireNonNull(tokensPerMinute, "tokensPerMinute");
    }

    /** These areas, and nothing else narrowed. */
    public static KeyScope of(Set<Area> areas) {
        return new KeyScope(
                areas,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                OptionalInt.empty(),
                OptionalLong.empty());
    }
}
