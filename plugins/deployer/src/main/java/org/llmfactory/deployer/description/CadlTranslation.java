package org.llmfactory.deployer.description;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.llmfactory.rest.Json;

/**
 * Cresco's pipelines as descriptions. A node is a plugin: {@code pluginname} names it, {@code version} is taken exactly,
 * {@code location_region} and {@code location_agent} say where; parameters that mean nothing to Cresco itself become its
 * configuration. Nodes of one plugin become one entry with their count.
 */
final class CadlTranslation {
    private static final Set<String> PIPELINE = Set.of("pipeline_id", "pipeline_name", "nodes", "edges");
    private static final Set<String> NODE = Set.of("node_id", "node_name", "type", "params");
    private static final Set<String> PLACES = Set.of("location_region", "location_agent");
    private static final Set<String> MEANT = Set.of("pluginname", "version", "location_region", "location_agent");
    private static final Set<String> JAR = Set.of("jarfile", "md5");
    private static final int LONGEST_NAME = 63;

    private CadlTranslation() {}

    static boolean isPipeline(JsonNode written) {
        return written.path("nodes").isArray() && (written.has("pipeline_name") || written.has("pipeline_id"));
    }

    /** Translates; what has no meaning here is told in {@code ignored}. */
    static ObjectNode translate(ObjectNode pipeline, List<String> ignored) {
        ObjectNode description = Json.MAPPER.createObjectNode();
        description.put("name", name(pipeline));
        Map<String, ObjectNode> plugins = new LinkedHashMap<>();
        int index = 0;
        for (JsonNode node : pipeline.path("nodes")) {
            String place = "nodes[" + index++ + "]";
            ObjectNode plugin = plugin(node, place, ignored);
            ObjectNode same = plugins.putIfAbsent(plugin.path("plugin").asText(), plugin);
            if (same != null) {
                add(same, plugin, place);
            }
        }
        ArrayNode list = description.putArray("plugins");
        plugins.values().forEach(list::add);
        tell(pipeline, PIPELINE, "", ignored);
        if (!pipeline.path("edges").isEmpty()) {
            ignored.add("'edges': plugins find one another as services");
        }
        if (pipeline.has("pipeline_id")) {
            ignored.add("'pipeline_id': a deployment is known by its name");
        }
        return description;
    }

    private static String name(ObjectNode pipeline) {
        String written = pipeline.path("pipeline_name")
                .asText(pipeline.path("pipeline_id").asText(""));
        String name =
                written.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
        return name.substring(0, Math.min(LONGEST_NAME, name.length())).replaceAll("-+$", "");
    }

    private static ObjectNode plugin(JsonNode node, String place, List<String> ignored) {
        JsonNode parameters = node.path("params");
        if (!parameters.path("pluginname").isTextual()) {
            throw DescriptionReader.invalid(place + ".params.pluginname", "expected the plugin's symbolic name");
        }
        String name = parameters.path("pluginname").asText();
        ObjectNode plugin = Json.MAPPER.createObjectNode().put("plugin", name).put("count", 1);
        if (parameters.has("version")) {
            String version = parameters.path("version").asText();
            plugin.put("version", "[" + version + "," + version + "]");
        }
        constrain(plugin, parameters);
        configure(plugin, parameters, name, place, ignored);
        tell(node, NODE, place + ".", ignored);
        return plugin;
    }

    private static void constrain(ObjectNode plugin, JsonNode parameters) {
        if (PLACES.stream().anyMatch(parameters::has)) {
            ObjectNode constraints = plugin.putObject("constraints");
            if (parameters.has("location_region")) {
                constraints.put("region", parameters.path("location_region").asText());
            }
            if (parameters.has("location_agent")) {
                constraints
                        .putArray("agents")
                        .add(parameters.path("location_agent").asText());
            }
        }
    }

    private static void configure(
            ObjectNode plugin, JsonNode parameters, String name, String place, List<String> ignored) {
        ObjectNode properties = Json.MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            String key = parameter.getKey();
            if (JAR.contains(key)) {
                ignored.add("'" + place + ".params." + key + "': the repository knows the jar by name and version, and"
                        + " its signature says whose it is");
            } else if (!MEANT.contains(key)) {
                properties.set(key, parameter.getValue());
            }
        }
        if (!properties.isEmpty()) {
            plugin.putObject("configuration").set(name, properties);
        }
    }

    /** Two nodes of one plugin differ in where they are, and in nothing else. */
    private static void add(ObjectNode first, ObjectNode next, String place) {
        boolean same = first.path("version").equals(next.path("version"))
                && first.path("configuration").equals(next.path("configuration"))
                && first.at("/constraints/region").equals(next.at("/constraints/region"))
                && first.at("/constraints/agents").isMissingNode()
                        == next.at("/constraints/agents").isMissingNode();
        if (!same) {
            throw DescriptionReader.invalid(
                    place,
                    "another node is of the same plugin; they may only differ in 'location_agent', since an agent runs"
                            + " one version of it with one configuration");
        }
        first.put("count", first.path("count").asInt() + 1);
        if (first.at("/constraints/agents") instanceof ArrayNode agents) {
            next.at("/constraints/agents").forEach(agents::add);
        }
    }

    private static void tell(JsonNode node, Set<String> known, String place, List<String> ignored) {
        node.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> !known.contains(key))
                .forEach(key -> ignored.add("'" + place + key + "': it has no meaning here"));
        for (String key : List.of("node_id", "node_name", "type")) {
            if (known.contains(key) && node.has(key)) {
                ignored.add("'" + place + key + "': a plugin is known by its symbolic name");
            }
        }
    }
}
