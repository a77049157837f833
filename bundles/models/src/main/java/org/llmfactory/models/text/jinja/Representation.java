package org.llmfactory.models.text.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values as Python's {@code repr} shows them. */
final class Representation {
    private static final int LONGEST = 1 << 24;

    private Representation() {}

    static String of(Object value) {
        StringBuilder shown = new StringBuilder();
        append(shown, value);
        return shown.toString();
    }

    private static void append(StringBuilder shown, Object value) {
        if (shown.length() > LONGEST) {
            throw new TemplateException("a value is too large to print");
        }
        if (value instanceof String text) {
            shown.append(StringLiterals.repr(text));
        } else if (value instanceof Boolean flag) {
            shown.append(flag ? "True" : "False");
        } else if (value == None.NONE) {
            shown.append("None");
        } else if (value instanceof Double number) {
            shown.append(Numbers.repr(number));
        } else if (value instanceof Long) {
            shown.append(value);
        } else if (value instanceof Tuple tuple) {
            elements(shown.append('('), tuple);
            shown.append(tuple.size() == 1 ? ",)" : ")");
        } else if (value instanceof List<?> list) {
            elements(shown.append('['), list);
            shown.append(']');
        } else if (value instanceof Map<?, ?> map) {
            entries(shown, map);
        } else {
            shown.append(value instanceof Undefined ? "Undefined" : "<" + Values.typeName(value) + ">");
        }
    }

    private static void elements(StringBuilder shown, List<?> list) {
        for (Iterator<?> elements = list.iterator(); elements.hasNext(); ) {
            append(shown, elements.next());
            shown.append(elements.hasNext() ? ", " : "");
        }
    }

    private static void entries(StringBuilder shown, Map<?, ?> map) {
        shown.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            shown.append(separator);
            append(shown, entry.getKey());
            append(shown.append(": "), entry.getValue());
            separator = ", ";
        }
        shown.append('}');
    }
}
