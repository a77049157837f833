package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters that look at each element: {@code map}, {@code select} and their like. */
final class SelectionFilters {
    private SelectionFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("map", SelectionFilters::map);
        filters.put("select", (value, given, context) -> select(value, given, context, true));
        filters.put("reject", (value, given, context) -> select(value, given, context, false));
        filters.put("selectattr", (value, given, context) -> selectByAttribute(value, given, context, true));
        filters.put("rejectattr", (value, given, context) -> selectByAttribute(value, given, context, false));
    }

    private static Object map(Object value, Arguments given, Context context) {
        List<Object> mapped = new ArrayList<>();
        Object attribute = given.named().get("attribute");
        for (Object element : Values.elements(value)) {
            context.budget().step();
            if (attribute == null) {
                mapped.add(Filters.apply(name(given, "map"), element, given.from(1), context));
            } else {
                Object found = attribute(element, attribute);
                Object otherwise = given.named().getOrDefault("default", found);
                mapped.add(found instanceof Undefined ? otherwise : found);
            }
        }
        return mapped;
    }

    private static Object select(Object value, Arguments given, Context context, boolean wanted) {
        List<Object> kept = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            context.budget().step();
            if (holds(element, given, context) == wanted) {
                kept.add(element);
            }
        }
        return kept;
    }

    private static Object selectByAttribute(Object value, Arguments given, Context context, boolean wanted) {
        List<Object> kept = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            context.budget().step();
            if (given.positional().isEmpty()) {
                throw new TemplateException("selectattr needs the name of an attribute");
            }
            Object found = attribute(element, given.positional().get(0));
            if (holds(found, given.from(1), context) == wanted) {
                kept.add(element);
            }
        }
        return kept;
    }

    private static boolean holds(Object value, Arguments given, Context context) {
        return given.positional().isEmpty()
                ? Values.isTrue(value)
                : Tests.apply(name(given, "select"), value, given.from(1), context);
    }

    private static String name(Arguments given, String filter) {
        if (given.positional().isEmpty()) {
            throw new TemplateException(filter + " needs a name");
        }
        return Values.requireText(given.positional().get(0), filter);
    }

    /** What {@code a.b.0} leads to, from this value on. */
    static Object attribute(Object value, Object path) {
        if (!(path instanceof String text)) {
            return Members.item(value, path);
        }
        Object result = value;
        for (Object part : TextParts.split(text, ".", -1, false)) {
            String name = (String) part;
            boolean index =
                    !name.isEmpty() && name.length() < 10 && name.chars().allMatch(Character::isDigit);
            result = Members.item(result, index ? (Object) Long.parseLong(name) : name);
        }
        return result;
    }
}
