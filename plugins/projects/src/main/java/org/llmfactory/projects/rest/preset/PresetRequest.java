package org.llmfactory.projects.rest.preset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.rest.JsonFields;

/**
 * What a request says of a preset. Whatever it leaves out is empty; null in the request takes the system prompt away.
 *
 * @param system empty when it is not named; holding nothing when it is taken away
 */
record PresetRequest(
        Optional<String> name,
        Optional<String> base,
        Optional<List<Preset.Part>> adapters,
        Optional<Optional<String>> system,
        Optional<Map<String, Object>> parameters,
        Optional<Visibility> visibility) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final int MOST_ADAPTERS = 64;
    private static final int LONGEST_ID = 256;
    private static final int LONGEST_SYSTEM = 100_000;
    private static final int MOST_STOPS = 4;

    static PresetRequest of(JsonFields fields) {
        return new PresetRequest(
                fields.string("name").map(name -> checkedName(fields, name)),
                Inputs.optionalName(fields, "base"),
                fields.has("adapters") ? Optional.of(adapters(fields)) : Optional.empty(),
                fields.names().contains("system") ? Optional.of(system(fields)) : Optional.empty(),
                fields.object("parameters").map(PresetRequest::parameters),
                Inputs.optionalWord(fields, "visibility", Visibility.class));
    }

    /** Whether it says anything of what a version holds. */
    boolean makesVersion() {
        return base.isPresent() || adapters.isPresent() || system.isPresent() || parameters.isPresent();
    }

    private static String checkedName(JsonFields fields, String name) {
        if (!NAME.matcher(name).matches()) {
            throw fields.invalid(
                    "name", "expected 1 to 64 lower-case letters, digits, '.', '_' and '-', a letter or digit first");
        }
        return name;
    }

    private static List<Preset.Part> adapters(JsonFields fields) {
        List<Preset.Part> parts = new ArrayList<>();
        for (JsonFields part : fields.objects("adapters", MOST_ADAPTERS)) {
            String id = Inputs.name(part, "id");
            double weight =
                    part.number("weight", -Float.MAX_VALUE, Float.MAX_VALUE).orElse(1);
            parts.add(new Preset.Part(id, (float) weight));
        }
        return List.copyOf(parts);
    }

    private static Optional<String> system(JsonFields fields) {
        Optional<String> system = fields.string("system");
        if (system.filter(text -> text.length() > LONGEST_SYSTEM).isPresent()) {
            throw fields.invalid("system", "at most " + LONGEST_SYSTEM + " characters are taken");
        }
        return system;
    }

    private static Map<String, Object> parameters(JsonFields fields) {
        Map<String, Object> parameters = new HashMap<>();
        for (String name : fields.names()) {
            fields.node(name).ifPresent(node -> parameters.put(name, parameter(fields, name, node)));
        }
        return Map.copyOf(parameters);
    }

    private static Object parameter(JsonFields fields, String name, JsonNode node) {
        return switch (name) {
            case "temperature" -> number(fields, name, 0, 2);
            case "top_p" -> number(fields, name, 0, 1);
            case "frequency_penalty", "presence_penalty" -> number(fields, name, -2, 2);
            case "max_tokens" -> JsonFields.wholeNumber(node, fields.path(name), 1, Integer.MAX_VALUE);
            case "seed" -> JsonFields.wholeNumber(node, fields.path(name), Long.MIN_VALUE, Long.MAX_VALUE);
            case "stop" -> stop(fields, node);
            default ->
                throw fields.unsupported(
                        name,
                        "A preset sets temperature, top_p, max_tokens, seed, stop, frequency_penalty and"
                                + " presence_penalty.");
        };
    }

    private static Object number(JsonFields fields, String name, double minimum, double maximum) {
        return fields.number(name, minimum, maximum).orElseThrow(() -> fields.missing(name));
    }

    private static Object stop(JsonFields fields, JsonNode node) {
        List<String> stops = node.isTextual() ? List.of(node.textValue()) : fields.strings("stop", MOST_STOPS);
        if (stops.stream().anyMatch(text -> text.isEmpty() || text.length() > LONGEST_ID)) {
            throw fields.invalid("stop", "expected texts of 1 to " + LONGEST_ID + " characters");
        }
        return stops;
    }
}
