package org.llmfactory.merger.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.rest.JsonFields;

/**
 * What every order says about the adapter to make.
 *
 * @param visibility it gets in the end
 */
record NewAdapter(String name, Visibility visibility) {
    static NewAdapter read(JsonFields fields) {
        return new NewAdapter(
                fields.requiredString("name"),
                fields.string("visibility")
                        .map(text -> visibility(fields, text))
                        .orElse(Visibility.PRIVATE));
    }

    /** What it is registered as before it is shown to others. */
    AdapterRegistry.Label label(Caller caller) {
        return new AdapterRegistry.Label(name, caller.project(), caller.id(), Visibility.PRIVATE);
    }

    /** The adapter as {@code GET /v1/adapters} describes it. */
    static ObjectNode describe(AdapterInfo info) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("id", info.id())
                .put("object", "adapter")
                .put("name", info.name())
                .put("project", info.project())
                .put("owner", info.owner())
                .put("visibility", info.visibility().name().toLowerCase(Locale.ROOT))
                .put("base_model", info.baseModel())
                .put("digest", info.digest())
                .put("rank", info.rank());
        info.targetModules().stream().sorted().forEach(node.putArray("target_modules")::add);
        return node.put("bytes", info.bytes()).put("created_at", info.created().getEpochSecond());
    }

    private static Visibility visibility(JsonFields fields, String text) {
        return switch (text) {
            case "private" -> Visibility.PRIVATE;
            case "project" -> Visibility.PROJECT;
            case "public" -> Visibility.PUBLIC;
            default -> throw fields.invalid("visibility", "expected 'private', 'project' or 'public'");
        };
    }
}
