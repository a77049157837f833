package org.llmfactory.models.text.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON as Python's {@code json.dumps} writes it. */
final class JsonText {
    private final boolean ascii;
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;
    private final Budget budget;
    private final StringBuilder text = new StringBuilder();

    /**
     * Settings of {@code json.dumps}.
     *
     * @param indent of one level, or null for everything on one line
     */
    JsonText(
            boolean ascii,
            @Nullable String indent,
            String itemSeparator,
            String keySeparator,
            boolean sorted,
            Budget budget) {
        this.ascii = ascii;
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.sorted = sorted;
        this.budget = budget;
    }

    String write(Object value) {
        append(value, 0);
        return budget.made(text.toString());
    }

    private void append(Object value, int level) {
        budget.step();
        if (value instanceof String string) {
            quote(string);
        } else if (value instanceof Map<?, ?> map) {
            object(map, level);
        } else if (value instanceof List<?> list) {
            array(list, level);
        } else {
            text.append(scalar(value));
        }
    }

    private static String scalar(Object value) {
        if (value == None.NONE) {
            return "null";
        }
        if (value instanceof Double number && !Double.isFinite(number)) {
            return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }
        if (value instanceof Boolean || value instanceof Long) {
            return value.toString();
        }
        if (value instanceof Double number) {
            return Numbers.repr(number);
        }
        Operators.rejectUndefined(value);
        throw new TemplateException("a value of type '" + Values.typeName(value) + "' has no JSON");
    }

    private void object(Map<?, ?> map, int level) {
        if (map.isEmpty()) {
            text.append("{}");
            return;
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach((key, value) -> entries.put(key instanceof String name ? name : scalar(key), value));
        SortedMap<String, Object> inOrder = new TreeMap<>(Operators::compare);
        if (sorted) {
            inOrder.putAll(entries);
        }
        text.append('{');
        String separator = "";
        for (Map.Entry<String, Object> entry : (sorted ? inOrder : entries).entrySet()) {
            text.append(separator);
            newLine(level + 1);
            quote(entry.getKey());
            text.append(keySeparator);
            append(entry.getValue(), level + 1);
            separator = itemSeparator;
        }
        newLine(level);
        text.append('}');
    }

    private void array(List<?> list, int level) {
        if (list.isEmpty()) {
            text.append("[]");
            return;
        }
        text.append('[');
        String separator = "";
        for (Object element : list) {
            text.append(separator);
            newLine(level + 1);
            append(element, level + 1);
            separator = itemSeparator;
        }
        newLine(level);
        text.append(']');
    }

    private void newLine(int level) {
        if (indent != null) {
            budget.characters((long) indent.length() * level);
            text.append('\n').append(indent.repeat(level));
        }
    }

    private void quote(String string) {
        budget.characters(string.length());
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7E)) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
