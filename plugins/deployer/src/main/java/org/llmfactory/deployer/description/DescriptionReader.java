package org.llmfactory.deployer.description;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.framework.VersionRange;

/** Reads descriptions: those of the schema, and Cresco's pipelines, which are translated first. */
public final class DescriptionReader {
    private static final int LONGEST = 1 << 20;

    private final DescriptionSchema schema;

    public DescriptionReader(DescriptionSchema schema) {
        this.schema = schema;
    }

    /**
     * What was read.
     *
     * @param document the description as the schema has it
     * @param ignored what was said and has no meaning here, a sentence each
     */
    public record Reading(Description description, ObjectNode document, List<String> ignored) {
        public Reading {
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * Reads what somebody wrote.
     *
     * @throws FactoryException {@code INVALID_VALUE} or {@code UNSUPPORTED_PARAMETER} with what is wrong and where
     */
    public Reading read(ObjectNode written) {
        List<String> ignored = new ArrayList<>();
        ObjectNode document =
                CadlTranslation.isPipeline(written) ? CadlTranslation.translate(written, ignored) : written.deepCopy();
        if (document.toString().length() > LONGEST) {
            throw new FactoryException(ErrorCode.PAYLOAD_TOO_LARGE, "The description is over 1 MiB long.");
        }
        schema.check(document);
        document.remove("$schema");
        return new Reading(description(document), document, ignored);
    }

    /** The description in a document that has been read before. */
    public static Description description(JsonNode document) {
        List<PluginSpec> plugins = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode plugin : document.path("plugins")) {
            String place = "plugins[" + plugins.size() + "]";
            PluginSpec spec = plugin(plugin, place);
            if (!names.add(spec.plugin())) {
                throw invalid(place + ".plugin", spec.plugin() + " is named twice; an agent runs one version of it");
            }
            plugins.add(spec);
        }
        return new Description(document.path("name").asText(), plugins, strategy(document.path("strategy")));
    }

    private static Strategy strategy(JsonNode node) {
        return new Strategy(
                node.path("canary").asInt(Strategy.DEFAULT.canary()),
                node.path("health_seconds").asInt(Strategy.DEFAULT.healthSeconds()),
                node.path("max_unavailable").asInt(Strategy.DEFAULT.maxUnavailable()));
    }

    private static PluginSpec plugin(JsonNode node, String place) {
        JsonNode count = node.path("count");
        return new PluginSpec(
                node.path("plugin").asText(),
                versions(node.path("version").asText("0"), place + ".version"),
                count.isTextual() ? OptionalInt.empty() : OptionalInt.of(count.asInt(1)),
                configuration(node.path("configuration")),
                constraints(node.path("constraints")));
    }

    private static VersionRange versions(String text, String place) {
        try {
            return new VersionRange(text);
        } catch (IllegalArgumentException e) {
            throw invalid(place, "'" + text + "' is no version range; one looks like [1.2,2)");
        }
    }

    private static Map<String, Map<String, List<String>>> configuration(JsonNode node) {
        Map<String, Map<String, List<String>>> configuration = new LinkedHashMap<>();
        node.properties().forEach(pid -> {
            Map<String, List<String>> properties = new LinkedHashMap<>();
            pid.getValue()
                    .properties()
                    .forEach(property -> properties.put(property.getKey(), texts(property.getValue())));
            configuration.put(pid.getKey(), properties);
        });
        return configuration;
    }

    private static Constraints constraints(JsonNode node) {
        Map<String, String> labels = new LinkedHashMap<>();
        node.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return new Constraints(
                labels,
                text(node, "device").map(device -> Constraints.Device.valueOf(device.toUpperCase(Locale.ROOT))),
                node.path("free_memory_mib").asLong(0),
                text(node, "base_model"),
                texts(node.path("agents")),
                text(node, "region"),
                Set.copyOf(texts(node.path("tenants"))));
    }

    private static Optional<String> text(JsonNode node, String name) {
        return node.hasNonNull(name) ? Optional.of(node.get(name).asText()) : Optional.empty();
    }

    /** The texts of a list, or of a value as a list of one. */
    private static List<String> texts(JsonNode node) {
        if (node.isMissingNode()) {
            return List.of();
        }
        if (!node.isArray()) {
            return List.of(node.asText());
        }
        List<String> texts = new ArrayList<>();
        node.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    static FactoryException invalid(String place, String reason) {
        return FactoryException.ofParameter(ErrorCode.INVALID_VALUE, place, "Invalid '" + place + "': " + reason + ".");
    }
}
