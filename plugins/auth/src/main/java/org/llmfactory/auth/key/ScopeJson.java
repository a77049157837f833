package org.llmfactory.auth.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.rest.Json;

/** A key's scope as it is stored. What is absent is not bounded. */
final class ScopeJson {
    private ScopeJson() {}

    static String write(KeyScope scope) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("areas", sorted(scope.areas().stream().map(Enum::name).toList()));
        scope.models().ifPresent(models -> fields.put("models", sorted(models)));
        scope.adapters().ifPresent(adapters -> fields.put("adapters", sorted(adapters)));
        fields.put("addresses", scope.addresses());
        fields.put("origins", scope.origins());
        scope.requestsPerMinute().ifPresent(limit -> fields.put("requests_per_minute", limit));
        scope.tokensPerMinute().ifPresent(limit -> fields.put("tokens_per_minute", limit));
        return new String(Json.write(fields), UTF_8);
    }

    private static List<String> sorted(Collection<String> texts) {
        return texts.stream().sorted().toList();
    }

    /** @throws IllegalStateException for what {@link #write} has not written */
    static KeyScope read(String json) {
        try {
            return read(Json.MAPPER.readTree(json));
        } catch (JsonProcessingException | IllegalArgumentException failure) {
            throw new IllegalStateException("the scope of a stored key cannot be read", failure);
        }
    }

    private static KeyScope read(JsonNode json) {
        Set<Area> areas = EnumSet.noneOf(Area.class);
        json.path("areas").forEach(area -> areas.add(Area.valueOf(area.textValue())));
        return new KeyScope(
                areas,
                texts(json, "models"),
                texts(json, "adapters"),
                List.copyOf(texts(json, "addresses").orElse(Set.of())),
                List.copyOf(texts(json, "origins").orElse(Set.of())),
                json.has("requests_per_minute")
                        ? OptionalInt.of(json.get("requests_per_minute").intValue())
                        : OptionalInt.empty(),
                json.has("tokens_per_minute")
                        ? OptionalLong.of(json.get("tokens_per_minute").longValue())
                        : OptionalLong.empty());
    }

    private static Optional<Set<String>> texts(JsonNode json, String name) {
        if (!json.has(name)) {
            return Optional.empty();
        }
        Set<String> texts = new LinkedHashSet<>();
        json.get(name).forEach(text -> texts.add(text.textValue()));
        return Optional.of(texts);
    }
}
