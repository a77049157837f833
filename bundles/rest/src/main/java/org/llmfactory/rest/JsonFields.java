package org.llmfactory.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Reads the fields of one JSON object strictly. A field that is absent and one that is null are the same. Every refusal
 * names the field by its path from the root of the body, for example {@code messages[0].content}.
 *
 * <p>All methods throw {@link FactoryException}: {@code MISSING_PARAMETER}, {@code INVALID_TYPE} or {@code
 * INVALID_VALUE}.
 */
public final class JsonFields {
    private final JsonNode object;
    private final String prefix;

    private JsonFields(JsonNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    /** The fields of a request body. */
    public static JsonFields of(ObjectNode body) {
        return new JsonFields(body, "");
    }

    /** The path of a field of this object. */
    public String path(String name) {
        return prefix.isEmpty() ? name : prefix + "." + name;
    }

    /** Whether the field is there and not null. */
    public boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** The names of all fields, null ones included, in the order of the body. */
    public List<String> names() {
        return List.copyOf(object.properties().stream().map(Map.Entry::getKey).toList());
    }

    /** The field as it is. */
    public Optional<JsonNode> node(String name) {
        return has(name) ? Optional.of(object.get(name)) : Optional.empty();
    }

    public Optional<String> string(String name) {
        return node(name).map(node -> text(node, path(name)));
    }

    public String requiredString(String name) {
        return string(name).orElseThrow(() -> missing(name));
    }

    public boolean flag(String name, boolean byDefault) {
        return node(name)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw wrongType(path(name), "a boolean", node);
                    }
                    return node.booleanValue();
                })
                .orElse(byDefault);
    }

    /** A whole number from {@code minimum} to {@code maximum}, both included. */
    public OptionalInt integer(String name, int minimum, int maximum) {
        OptionalLong value = longInteger(name, minimum, maximum);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    /** A whole number from {@code minimum} to {@code maximum}, both included. */
    public OptionalLong longInteger(String name, long minimum, long maximum) {
        Optional<JsonNode> node = node(name);
        return node.isPresent()
                ? OptionalLong.of(wholeNumber(node.get(), path(name), minimum, maximum))
                : OptionalLong.empty();
    }

    /** A number from {@code minimum} to {@code maximum}, both included. */
    public OptionalDouble number(String name, double minimum, double maximum) {
        Optional<JsonNode> node = node(name);
        return node.isPresent()
                ? OptionalDouble.of(number(node.get(), path(name), minimum, maximum))
                : OptionalDouble.empty();
    }

    /** The elements of an array of strings; empty when the field is absent. */
    public List<String> strings(String name, int maximum) {
        return mapElements(name, maximum, JsonFields::text);
    }

    /** The elements of an array of whole numbers; empty when the field is absent. */
    public List<Integer> integers(String name, int maximumSize, int minimum, int maximum) {
        return mapElements(name, maximumSize, (node, path) -> (int) wholeNumber(node, path, minimum, maximum));
    }

    /** The elements of an array of objects; empty when the field is absent. */
    public List<JsonFields> objects(String name, int maximum) {
        return mapElements(name, maximum, JsonFields::objectAt);
    }

    /** An object inside this one. */
    public Optional<JsonFields> object(String name) {
        return node(name).map(node -> objectAt(node, path(name)));
    }

    /** {@code MISSING_PARAMETER} for a field of this object. */
    public FactoryException missing(String name) {
        return FactoryException.ofParameter(
                ErrorCode.MISSING_PARAMETER, path(name), "Missing required parameter: '" + path(name) + "'.");
    }

    /** {@code INVALID_VALUE} for a field of this object; the reason follows the name. */
    public FactoryException invalid(String name, String reason) {
        return invalidAt(path(name), reason);
    }

    /** {@code UNSUPPORTED_PARAMETER} for a field of this object; the reason is a whole sentence. */
    public FactoryException unsupported(String name, String reason) {
        return FactoryException.ofParameter(
                ErrorCode.UNSUPPORTED_PARAMETER, path(name), "Unsupported parameter: '" + path(name) + "'. " + reason);
    }

    /** {@code INVALID_VALUE} for the field at a path; the reason follows the name. */
    public static FactoryException invalidAt(String path, String reason) {
        return FactoryException.ofParameter(ErrorCode.INVALID_VALUE, path, "Invalid '" + path + "': " + reason + ".");
    }

    /** {@code INVALID_TYPE} for the field at a path. */
    public static FactoryException wrongType(String path, String expected, JsonNode found) {
        return FactoryException.ofParameter(
                ErrorCode.INVALID_TYPE,
                path,
                "Invalid type for '" + path + "': expected " + expected + ", but got " + describe(found) + " instead.");
    }

    /** The string at a path. */
    public static String text(JsonNode node, String path) {
        if (!node.isTextual()) {
            throw wrongType(path, "a string", node);
        }
        return node.textValue();
    }

    /** The object at a path. */
    public static JsonFields objectAt(JsonNode node, String path) {
        if (!node.isObject()) {
            throw wrongType(path, "an object", node);
        }
        return new JsonFields(node, path);
    }

    /** The whole number at a path; {@code 3.0} is one, {@code 3.5} is not. */
    public static long wholeNumber(JsonNode node, String path, long minimum, long maximum) {
        if (!node.isNumber() || (!node.isIntegralNumber() && node.doubleValue() != Math.rint(node.doubleValue()))) {
            throw wrongType(path, "an integer", node);
        }
        if (!node.canConvertToLong() || node.longValue() < minimum || node.longValue() > maximum) {
            throw invalidAt(path, "expected an integer from " + minimum + " to " + maximum);
        }
        return node.longValue();
    }

    private static double number(JsonNode node, String path, double minimum, double maximum) {
        if (!node.isNumber()) {
            throw wrongType(path, "a number", node);
        }
        double value = node.doubleValue();
        if (!(value >= minimum && value <= maximum)) {
            throw invalidAt(path, "expected a number from " + plain(minimum) + " to " + plain(maximum));
        }
        return value;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private interface ElementReader<T> {
        T read(JsonNode node, String path);
    }

    private <T> List<T> mapElements(String name, int maximum, ElementReader<T> reader) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) {
            return List.of();
        }
        List<T> elements = new ArrayList<>();
        for (JsonNode element : arrayAt(node.get(), path(name), maximum)) {
            elements.add(reader.read(element, path(name) + "[" + elements.size() + "]"));
        }
        return List.copyOf(elements);
    }

    /** The elements of the array at a path, at most {@code maximum}. */
    public static List<JsonNode> arrayAt(JsonNode node, String path, int maximum) {
        if (!node.isArray()) {
            throw wrongType(path, "an array", node);
        }
        if (node.size() > maximum) {
            throw invalidAt(path, "at most " + maximum + " elements are taken, but there are " + node.size());
        }
        return IntStream.range(0, node.size()).mapToObj(node::get).toList();
    }

    private static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NULL, MISSING -> "null";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal number";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
        };
    }
}
