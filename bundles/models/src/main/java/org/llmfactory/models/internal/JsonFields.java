package org.llmfactory.models.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The fields of a JSON object in a foreign file. A field that is absent or null is empty; one of the wrong type or out
 * of range is a fault that names file and field.
 *
 * @param file the file's name
 */
public record JsonFields(String file, JsonNode node) {
    /** Whether the field is there and not null. */
    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    /** Whether the field has a value that switches something on: not null, false, zero, or empty. */
    public boolean isActive(String field) {
        JsonNode value = node.path(field);
        return switch (value.getNodeType()) {
            case MISSING, NULL -> false;
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.doubleValue() != 0;
            case STRING -> !value.textValue().isEmpty();
            case ARRAY, OBJECT -> !value.isEmpty();
            case BINARY, POJO -> true;
        };
    }

    public Optional<String> text(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        if (!node.get(field).isTextual()) {
            throw fault(field, "is not text");
        }
        return Optional.of(node.get(field).textValue());
    }

    public boolean flag(String field, boolean otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!node.get(field).isBoolean()) {
            throw fault(field, "is neither true nor false");
        }
        return node.get(field).booleanValue();
    }

    /** A whole number from 1 to {@code max}. */
    public OptionalInt count(String field, int max) {
        return has(field) ? OptionalInt.of(whole(field, node.get(field), 1, max)) : OptionalInt.empty();
    }

    /** A whole number from 1 to {@code max} that must be there. */
    public int requiredCount(String field, int max) {
        return count(field, max).orElseThrow(() -> fault(field, "is missing"));
    }

    /** A finite number greater than 0. */
    public OptionalDouble positive(String field) {
        if (!has(field)) {
            return OptionalDouble.empty();
        }
        double value = number(field, node.get(field));
        if (value <= 0) {
            throw fault(field, "is " + value + ", which is not greater than 0");
        }
        return OptionalDouble.of(value);
    }

    /** A finite number greater than 0 that must be there. */
    public double requiredPositive(String field) {
        return positive(field).orElseThrow(() -> fault(field, "is missing"));
    }

    /** Numbers, all finite and greater than 0; empty when the field is absent. */
    public List<Double> positives(String field, int atMost) {
        List<Double> values = new ArrayList<>();
        for (JsonNode element : array(field, atMost)) {
            double value = number(field, element);
            if (value <= 0) {
                throw fault(field, "has the number " + value + ", which is not greater than 0");
            }
            values.add(value);
        }
        return List.copyOf(values);
    }

    /** Whole numbers in a range, written as one number or an array; empty when the field is absent. */
    public List<Integer> wholes(String field, int min, int max, int atMost) {
        if (!has(field)) {
            return List.of();
        }
        if (!node.get(field).isArray()) {
            return List.of(whole(field, node.get(field), min, max));
        }
        List<Integer> values = new ArrayList<>();
        array(field, atMost).forEach(element -> values.add(whole(field, element, min, max)));
        return List.copyOf(values);
    }

    /** Texts, written as one text or an array; empty when the field is absent. */
    public List<String> texts(String field, int atMost) {
        if (has(field) && node.get(field).isTextual()) {
            return List.of(node.get(field).textValue());
        }
        List<String> values = new ArrayList<>();
        for (JsonNode element : array(field, atMost)) {
            if (!element.isTextual()) {
                throw fault(field, "holds something that is not text");
            }
            values.add(element.textValue());
        }
        return List.copyOf(values);
    }

    /** The object in a field. */
    public Optional<JsonFields> object(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        if (!node.get(field).isObject()) {
            throw fault(field, "is not an object");
        }
        return Optional.of(new JsonFields(file, node.get(field)));
    }

    /** All fields, in the file's order. */
    public List<Map.Entry<String, JsonNode>> entries() {
        return List.copyOf(node.properties());
    }

    /** A fault of this file in one field. */
    public RuntimeException fault(String field, String fault) {
        return Faults.invalid(file, Faults.quote(field) + " " + fault);
    }

    /** The whole number in a node of a field. */
    public int whole(String field, JsonNode value, int min, int max) {
        double number = number(field, value);
        if (number != Math.rint(number) || number < min || number > max) {
            throw fault(
                    field, "is " + Faults.quote(value.asText()) + ", not a whole number from " + min + " to " + max);
        }
        return (int) number;
    }

    /** The finite number in a node of a field. */
    public double number(String field, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw fault(field, "is not a number");
        }
        return value.doubleValue();
    }

    private JsonNode array(String field, int atMost) {
        JsonNode value = node.path(field);
        if (!has(field)) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (!value.isArray() || value.size() > atMost) {
            throw fault(field, "is not an array of at most " + atMost);
        }
        return value;
    }
}
