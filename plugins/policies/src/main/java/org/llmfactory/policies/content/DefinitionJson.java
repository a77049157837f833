package org.llmfactory.policies.content;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

/** Definitions as JSON, as they are kept and shown. */
public final class DefinitionJson {
    private DefinitionJson() {}

    /**
     * The definition in a request's fields {@code rules}, {@code window} and {@code classifier}, as it is kept.
     *
     * @throws org.llmfactory.api.error.FactoryException with the field at fault
     */
    public static String canonical(JsonFields fields) {
        return write(DefinitionReader.read(fields));
    }

    /**
     * The name in a field.
     *
     * @throws org.llmfactory.api.error.FactoryException when it is missing or not fit for a name
     */
    public static String name(JsonFields fields, String field) {
        return DefinitionReader.name(fields, field);
    }

    static String write(PolicyDefinition definition) {
        return new String(Json.write(toJson(definition)), StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws org.llmfactory.api.error.FactoryException when it is something else
     */
    static PolicyDefinition parse(String json) {
        return DefinitionReader.read(JsonFields.of(tree(json)));
    }

    static ObjectNode tree(String json) {
        try {
            return Json.MAPPER.readValue(json, ObjectNode.class);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("a stored policy that is no JSON object", failure);
        }
    }

    private static ObjectNode toJson(PolicyDefinition definition) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode rules = json.putArray("rules");
        definition.rules().forEach(rule -> rules.add(toJson(rule)));
        json.put("window", definition.window());
        definition.classifier().ifPresent(classifier -> json.set("classifier", toJson(classifier)));
        return json;
    }

    private static ObjectNode toJson(Rule rule) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("name", rule.name());
        json.put("on", DefinitionReader.lower(rule.on()));
        rule.pattern().ifPresent(pattern -> json.put("pattern", pattern));
        if (!rule.words().isEmpty()) {
            rule.words().forEach(json.putArray("words")::add);
        }
        json.put("action", DefinitionReader.lower(rule.action()));
        rule.message().ifPresent(message -> json.put("message", message));
        return json;
    }

    private static ObjectNode toJson(ClassifierRule rule) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("name", rule.name());
        json.put("label", rule.label());
        json.put("threshold", rule.threshold());
        json.put("on", DefinitionReader.lower(rule.on()));
        json.put("action", DefinitionReader.lower(rule.action()));
        json.put("on_missing", rule.blocksWhenMissing() ? "block" : "allow");
        return json;
    }
}
