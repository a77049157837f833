package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.rest.Json;

/**
 * A caller as he is written down for work that is done later in his name. What his key allowed stays as it was; what he is
 * in the project is asked anew, so that nobody works for one who has left.
 */
public final class Principal {
    private Principal() {}

    /** What is kept of a caller. */
    public static ObjectNode write(Caller caller) {
        KeyScope scope = caller.scope();
        ObjectNode kept = Json.MAPPER
                .createObjectNode()
                .put("kind", caller.kind().name())
                .put("id", caller.id())
                .put("project", caller.project())
                .put("api_key", caller.apiKey().orElse(null));
        ArrayNode areas = kept.putArray("areas");
        scope.areas().forEach(area -> areas.add(area.name()));
        scope.models().ifPresent(ids -> ids.forEach(kept.putArray("models")::add));
        scope.adapters().ifPresent(ids -> ids.forEach(kept.putArray("adapters")::add));
        scope.requestsPerMinute().ifPresent(limit -> kept.put("requests_per_minute", limit));
        scope.tokensPerMinute().ifPresent(limit -> kept.put("tokens_per_minute", limit));
        return kept;
    }

    /**
     * The caller as he is now.
     *
     * @throws FactoryException {@code PERMISSION_DENIED} when he is no part of the project any more
     */
    public static Caller read(JsonNode kept, Directory directory) {
        Caller.Kind kind = Caller.Kind.valueOf(kept.path("kind").asText());
        String id = kept.path("id").asText();
        String project = kept.path("project").asText();
        Caller platform = Caller.platform();
        ProjectRole role = kind == Caller.Kind.PLATFORM
                ? platform.projects().get(project)
                : directory.memberships(id).get(project);
        if (role == null) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, "Whoever asked for this is no part of the project any more.");
        }
        OrganizationRole organization = kind == Caller.Kind.PLATFORM
                ? platform.organizationRole()
                : directory.user(id).map(User::role).orElse(OrganizationRole.NONE);
        return new Caller(
                kind,
                id,
                project,
                organization,
                Map.of(project, role),
                kept.hasNonNull("api_key") ? Optional.of(kept.get("api_key").asText()) : Optional.empty(),
                scope(kept));
    }

    private static KeyScope scope(JsonNode kept) {
        Set<Area> areas = EnumSet.noneOf(Area.class);
        Set<String> names = strings(kept.path("areas"));
        Arrays.stream(Area.values()).filter(area -> names.contains(area.name())).forEach(areas::add);
        JsonNode requests = kept.path("requests_per_minute");
        JsonNode tokens = kept.path("tokens_per_minute");
        return new KeyScope(
                areas,
                kept.has("models") ? Optional.of(strings(kept.get("models"))) : Optional.empty(),
                kept.has("adapters") ? Optional.of(strings(kept.get("adapters"))) : Optional.empty(),
                List.of(),
                List.of(),
                requests.isInt() ? OptionalInt.of(requests.intValue()) : OptionalInt.empty(),
                tokens.isNumber() ? OptionalLong.of(tokens.longValue()) : OptionalLong.empty());
    }

    private static Set<String> strings(JsonNode array) {
        Set<String> strings = new HashSet<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
