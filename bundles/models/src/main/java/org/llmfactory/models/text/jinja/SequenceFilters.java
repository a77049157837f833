package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters of whole sequences. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("first", (value, given, context) -> end(value, true));
        filters.put("last", (value, given, context) -> end(value, false));
        filters.put("list", (value, given, context) -> new ArrayList<>(Values.elements(value)));
        filters.put("items", SequenceFilters::items);
        filters.put("join", SequenceFilters::join);
        filters.put("reverse", SequenceFilters::reverse);
        filters.put("sort", SequenceFilters::sort);
        filters.put("dictsort", SequenceFilters::sortMap);
        filters.put("unique", SequenceFilters::unique);
        filters.put("min", (value, given, context) -> extreme("min", value, given, context));
        filters.put("max", (value, given, context) -> extreme("max", value, given, context));
        filters.put("sum", SequenceFilters::sum);
        filters.put("batch", SequenceFilters::batch);
        filters.put("slice", SequenceFilters::slice);
        filters.put("groupby", SequenceFilters::groupBy);
    }

    private static Object end(Object value, boolean first) {
        List<Object> elements = Values.elements(value);
        if (elements.isEmpty()) {
            return new Undefined("an empty sequence has no " + (first ? "first" : "last") + " element");
        }
        return elements.get(first ? 0 : elements.size() - 1);
    }

    private static Object items(Object value, Arguments given, Context context) {
        if (value instanceof Undefined) {
            return List.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException("items needs a map, not a value of type '" + Values.typeName(value) + "'");
        }
        return CollectionMethods.items(map);
    }

    private static Object join(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("join", "d", "attribute");
        String separator = Values.text(bound.optional(0, ""));
        List<String> parts = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            context.budget().characters(separator.length());
            parts.add(context.budget().made(Values.text(picked(element, bound, 1))));
        }
        return String.join(separator, parts);
    }

    private static Object picked(Object element, Arguments.Bound bound, int index) {
        return bound.has(index) && bound.required(index) != None.NONE
                ? SelectionFilters.attribute(element, bound.required(index))
                : element;
    }

    private static Object reverse(Object value, Arguments given, Context context) {
        if (value instanceof String text) {
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> reversed = new ArrayList<>(Values.elements(value));
        Collections.reverse(reversed);
        return reversed;
    }

    private static Object sort(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("sort", "reverse", "case_sensitive", "attribute");
        boolean exact = bound.flag(1, false);
        List<Object> sorted = new ArrayList<>(Values.elements(value));
        context.budget().steps(sorted.size() * 20L);
        Comparator<Object> order =
                (a, b) -> Operators.compare(folded(picked(a, bound, 2), exact), folded(picked(b, bound, 2), exact));
        sorted.sort(bound.flag(0, false) ? order.reversed() : order);
        return sorted;
    }

    private static Object folded(Object key, boolean exact) {
        return key instanceof String text && !exact ? text.toLowerCase(Locale.ROOT) : key;
    }

    private static Object sortMap(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("dictsort", "case_sensitive", "by", "reverse");
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException("dictsort needs a map");
        }
        int by = bound.text(1, "key").equals("value") ? 1 : 0;
        boolean exact = bound.flag(0, false);
        List<Object> items = CollectionMethods.items(map);
        context.budget().steps(items.size() * 20L);
        Comparator<Object> order =
                Comparator.comparing(item -> folded(Values.elements(item).get(by), exact), Operators::compare);
        items.sort(bound.flag(2, false) ? order.reversed() : order);
        return items;
    }

    private static Object unique(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("unique", "case_sensitive", "attribute");
        List<Object> kept = new ArrayList<>();
        List<Object> keys = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            Object key = folded(picked(element, bound, 1), bound.flag(0, false));
            if (!Operators.contains(keys, key, context)) {
                keys.add(key);
                kept.add(element);
            }
        }
        return kept;
    }

    private static Object extreme(String name, Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind(name, "case_sensitive", "attribute");
        Comparator<Object> order = Comparator.comparing(
                element -> folded(picked(element, bound, 1), bound.flag(0, false)), Operators::compare);
        List<Object> elements = Values.elements(value);
        context.budget().steps(elements.size());
        return elements.stream()
                .reduce((a, b) -> {
                    int comparison = order.compare(a, b);
                    return (name.equals("min") ? comparison <= 0 : comparison >= 0) ? a : b;
                })
                .orElseGet(() -> new Undefined("an empty sequence has no " + name));
    }

    private static Object sum(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("sum", "attribute", "start");
        Object total = bound.optional(1, 0L);
        for (Object element : Values.elements(value)) {
            total = Operators.apply("+", total, picked(element, bound, 0), context);
        }
        return total;
    }

    private static Object batch(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("batch", "linecount", "fill_with");
        int size = positive(bound.whole(0), "batch");
        List<Object> batches = new ArrayList<>();
        List<Object> elements = Values.elements(value);
        for (int i = 0; i < elements.size(); i += size) {
            List<Object> batch = new ArrayList<>(elements.subList(i, Math.min(elements.size(), i + size)));
            while (bound.has(1) && bound.required(1) != None.NONE && batch.size() < size) {
                context.budget().step();
                batch.add(bound.required(1));
            }
            batches.add(batch);
        }
        return batches;
    }

    private static Object slice(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("slice", "slices", "fill_with");
        int count = positive(bound.whole(0), "slice");
        context.budget().steps(count);
        List<Object> elements = Values.elements(value);
        int each = elements.size() / count;
        int longer = elements.size() % count;
        List<Object> slices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + each + (i < longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(elements.subList(from, to));
            if (bound.has(1) && bound.required(1) != None.NONE && i >= longer && longer > 0) {
                slice.add(bound.required(1));
            }
            slices.add(slice);
            from = to;
        }
        return slices;
    }

    private static int positive(long count, String filter) {
        if (count < 1 || count > 1_000_000) {
            throw new TemplateException(filter + " needs a count from 1 to 1000000");
        }
        return (int) count;
    }

    private static Object groupBy(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("groupby", "attribute", "default", "case_sensitive");
        boolean exact = bound.flag(2, false);
        List<Object> groups = new ArrayList<>();
        List<Object> members = new ArrayList<>();
        Object last = None.NONE;
        Arguments order = new Arguments(List.of(), Map.of("attribute", bound.required(0), "case_sensitive", exact));
        for (Object element : Values.elements(sort(value, order, context))) {
            Object found = SelectionFilters.attribute(element, bound.required(0));
            Object key = found instanceof Undefined ? bound.optional(1, found) : found;
            if (groups.isEmpty() || !Operators.equal(folded(key, exact), folded(last, exact))) {
                members = new ArrayList<>();
                groups.add(Tuple.of(key, members));
                last = key;
            }
            members.add(element);
        }
        return groups;
    }
}
