package org.llmfactory.launcher.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Objects of the REST API, for people to read. A field is named by its path, for example {@code owner.name}; a column may
 * have a title of its own and fall back on other fields, {@code owner=owner.name|owner.id}.
 */
public final class JsonTable {
    private static final String TIME = "_at";
    /** The field that says what kind of object it is, which the reader knows. */
    private static final String KIND = "object";

    private static final Pattern LINE = Pattern.compile("\\R|\t");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069]");

    private JsonTable() {}

    /** A row for each object, a column for each field. */
    public static List<String> rows(Iterable<JsonNode> objects, String... columns) {
        TextTable table =
                new TextTable(Arrays.stream(columns).map(JsonTable::title).toList());
        for (JsonNode object : objects) {
            table.row(Arrays.stream(columns).map(column -> cell(object, column)).toArray(String[]::new));
        }
        return table.lines();
    }

    private static String cell(JsonNode object, String column) {
        String fields = column.substring(column.indexOf('=') + 1);
        return first(object, fields.split("\\|", -1));
    }

    /** The first of these fields that says something; empty where none does. */
    public static String first(JsonNode object, String... fields) {
        return Arrays.stream(fields)
                .map(field -> text(object, field))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** A line for each field that says something, the fields of inner objects included. */
    public static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        collect("", object, names);
        return fields(object, names);
    }

    /** A line for each of these fields, whatever it says. */
    public static List<String> fields(JsonNode object, List<String> names) {
        int widest = names.stream().mapToInt(String::length).max().orElse(0);
        return names.stream()
                .map(name -> name + " ".repeat(widest - name.length() + 2) + text(object, name))
                .toList();
    }

    /** A field in words; empty where it is missing or null. */
    public static String text(JsonNode object, String field) {
        JsonNode value = object;
        for (String name : field.split("\\.", -1)) {
            value = value.path(name);
        }
        return text(value, field.endsWith(TIME));
    }

    private static String text(JsonNode value, boolean time) {
        if (value.isArray()) {
            return stream(value).map(item -> text(item, time)).collect(Collectors.joining(", "));
        }
        if (time && value.isIntegralNumber()) {
            return Instant.ofEpochSecond(value.asLong()).toString();
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .filter(field -> !field.getKey().equals(KIND) && !isSilent(field.getValue()))
                    .map(field -> text(field.getValue(), field.getKey().endsWith(TIME)))
                    .collect(Collectors.joining(" "));
        }
        return harmless(value.asText(""));
    }

    /** Names are other people's words: none of them moves the cursor, begins a line or turns the direction of writing. */
    private static String harmless(String text) {
        return CONTROL.matcher(LINE.matcher(text).replaceAll(" ")).replaceAll("?");
    }

    private static void collect(String prefix, JsonNode object, List<String> names) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            if (value.isObject() && !field.getKey().contains(".")) {
                collect(prefix + field.getKey() + ".", value, names);
            } else if (!isSilent(value) && !field.getKey().equals(KIND)) {
                names.add(prefix + field.getKey());
            }
        }
    }

    private static boolean isSilent(JsonNode value) {
        return value.isNull() || (value.isArray() && value.isEmpty());
    }

    private static String title(String column) {
        if (column.contains("=")) {
            return column.substring(0, column.indexOf('='));
        }
        String name = column.substring(column.lastIndexOf('.') + 1);
        return name.replaceFirst(TIME + "$", "").replace('_', ' ');
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
