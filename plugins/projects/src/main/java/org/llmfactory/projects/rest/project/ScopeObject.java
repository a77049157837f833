package org.llmfactory.projects.rest.project;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.projects.rest.Inputs;

/** What a key narrows its owner's rights to; null where it narrows nothing. */
public record ScopeObject(
        List<String> areas,
        @Nullable List<String> models,
        @Nullable List<String> adapters,
        List<String> addresses,
        List<String> origins,
        @Nullable Integer requestsPerMinute,
        @Nullable Long tokensPerMinute) {
    static ScopeObject of(KeyScope scope) {
        return new ScopeObject(
                sorted(scope.areas().stream().map(Inputs::word)),
                scope.models().map(ids -> sorted(ids.stream())).orElse(null),
                scope.adapters().map(ids -> sorted(ids.stream())).orElse(null),
                scope.addresses(),
                scope.origins(),
                scope.requestsPerMinute().isPresent()
                        ? Integer.valueOf(scope.requestsPerMinute().getAsInt())
                        : null,
                scope.tokensPerMinute().isPresent()
                        ? Long.valueOf(scope.tokensPerMinute().getAsLong())
                        : null);
    }

    private static List<String> sorted(Stream<String> words) {
        return words.sorted().toList();
    }
}
