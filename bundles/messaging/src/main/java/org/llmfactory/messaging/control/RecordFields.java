package org.llmfactory.messaging.control;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.llmfactory.api.network.ActionInfo.Field;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Meaning;

/** The fields of a record as JSON has them, with their types in words. */
final class RecordFields {
    private static final int MAXIMUM_DEPTH = 6;
    private static final Map<Class<?>, String> SIMPLE = Map.ofEntries(
            Map.entry(String.class, "string"),
            Map.entry(boolean.class, "boolean"),
            Map.entry(Boolean.class, "boolean"),
            Map.entry(int.class, "integer"),
            Map.entry(Integer.class, "integer"),
            Map.entry(long.class, "integer"),
            Map.entry(Long.class, "integer"),
            Map.entry(double.class, "number"),
            Map.entry(Double.class, "number"),
            Map.entry(float.class, "number"),
            Map.entry(Float.class, "number"),
            Map.entry(byte[].class, "bytes in base64"),
            Map.entry(Instant.class, "time, as 2026-01-31T12:00:00Z"),
            Map.entry(Duration.class, "duration, as PT1M30S"),
            Map.entry(AgentAddress.class, "agent's address, as shared/node-1"));

    private final List<Field> fields = new ArrayList<>();

    private RecordFields() {}

    static List<Field> of(Class<?> type) {
        RecordFields described = new RecordFields();
        described.add("", type, 0);
        return List.copyOf(described.fields);
    }

    private void add(String prefix, Class<?> type, int depth) {
        if (depth > MAXIMUM_DEPTH) {
            throw new IllegalArgumentException("the record " + type.getName() + " is nested too deep, or in itself");
        }
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type.getName() + " is no record");
        }
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + component.getName();
            fields.add(new Field(name, words(name, component.getGenericType()), meaning(name, component)));
            nested(name, component.getGenericType(), depth);
        }
    }

    private static String meaning(String name, RecordComponent component) {
        Meaning meaning = component.getAnnotation(Meaning.class);
        if (meaning == null || meaning.value().isBlank()) {
            throw new IllegalArgumentException("the field " + name + " of "
                    + component.getDeclaringRecord().getName() + " lacks its meaning; annotate it with @Meaning");
        }
        return meaning.value();
    }

    private static String words(String name, Type type) {
        if (type instanceof Class<?> simple) {
            String words = SIMPLE.get(simple);
            if (words != null) {
                return words;
            }
            if (simple.isEnum()) {
                return Arrays.stream(simple.getEnumConstants())
                        .map(value -> ((Enum<?>) value).name())
                        .collect(Collectors.joining(", ", "one of ", ""));
            }
            if (simple.isRecord()) {
                return "object";
            }
        }
        if (is(type, List.class) || is(type, Set.class)) {
            return "list of " + words(name, argument(type, 0));
        }
        if (is(type, Map.class) && argument(type, 0) == String.class) {
            return "map of " + words(name, argument(type, 1));
        }
        if (is(type, Optional.class)) {
            return words(name, argument(type, 0)) + ", optional";
        }
        throw new IllegalArgumentException("the field " + name + " is of the type " + type.getTypeName()
                + ", which the control plane does not carry");
    }

    private void nested(String name, Type type, int depth) {
        if (type instanceof Class<?> simple) {
            if (simple.isRecord() && !SIMPLE.containsKey(simple)) {
                add(name + ".", simple, depth + 1);
            }
        } else if (is(type, List.class) || is(type, Set.class)) {
            nested(name + "[]", argument(type, 0), depth);
        } else if (is(type, Map.class)) {
            nested(name + ".*", argument(type, 1), depth);
        } else if (is(type, Optional.class)) {
            nested(name, argument(type, 0), depth);
        }
    }

    private static boolean is(Type type, Class<?> raw) {
        return type instanceof ParameterizedType parameterized && parameterized.getRawType() == raw;
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }
}
