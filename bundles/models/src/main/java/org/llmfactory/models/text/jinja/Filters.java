package org.llmfactory.models.text.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What can follow {@code |}. */
final class Filters {
    private static final Map<String, Filter> FILTERS = filters();

    interface Filter {
        Object apply(Object value, Arguments arguments, Context context);
    }

    private Filters() {}

    static Object apply(String name, Object value, Arguments arguments, Context context) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw new TemplateException("there is no filter named '" + name + "'");
        }
        Object result = filter.apply(value, arguments, context);
        return result instanceof String text && result != value
                ? context.budget().made(text)
                : result;
    }

    static boolean isKnown(Object name) {
        return name instanceof String text && FILTERS.containsKey(text);
    }

    private static Map<String, Filter> filters() {
        Map<String, Filter> filters = new HashMap<>();
        values(filters);
        TextFilters.addTo(filters);
        SequenceFilters.addTo(filters);
        SelectionFilters.addTo(filters);
        return filters;
    }

    private static void values(Map<String, Filter> filters) {
        Filter length = (value, given, context) -> Values.length(value);
        filters.put("length", length);
        filters.put("count", length);
        filters.put("default", Filters::orElse);
        filters.put("d", Filters::orElse);
        filters.put("string", (value, given, context) -> Values.text(value));
        filters.put("int", Filters::toWhole);
        filters.put("float", Filters::toFloat);
        filters.put("abs", (value, given, context) -> {
            Operators.rejectUndefined(value);
            return Operators.compare(value, 0L) < 0 ? Numbers.negate(value) : value;
        });
        filters.put("round", Filters::round);
        filters.put("tojson", Filters::toJson);
        filters.put("attr", (value, given, context) -> {
            String name = given.bind("attr", "name").text(0);
            return value instanceof Map ? Undefined.member(value, name) : Members.attribute(value, name);
        });
    }

    private static Object orElse(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("default", "default_value", "boolean");
        boolean replaces = bound.flag(1, false) ? !Values.isTrue(value) : value instanceof Undefined;
        return replaces ? bound.optional(0, "") : value;
    }

    private static Object toWhole(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("int", "default", "base");
        Object otherwise = bound.optional(0, 0L);
        if (Values.isWhole(value)) {
            return Values.whole(value);
        }
        try {
            if (value instanceof String text) {
                String digits = text.strip().replace("_", "");
                int base = (int) bound.whole(1, 10);
                return base == 10
                        ? (Object) wholeOf(digits)
                        : (Object) Long.parseLong(digits.replaceFirst("^0[xXoObB]", ""), base);
            }
            return value instanceof Double number && Double.isFinite(number)
                    ? (Object) (long) number.doubleValue()
                    : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static long wholeOf(String digits) {
        return digits.matches("[+-]?\\d+") ? Long.parseLong(digits) : (long) Double.parseDouble(digits);
    }

    private static Object toFloat(Object value, Arguments given, Context context) {
        Object otherwise = given.bind("float", "default").optional(0, 0.0);
        if (Values.isNumber(value)) {
            return Values.number(value);
        }
        boolean looksRight = value instanceof String text && text.strip().matches("[+-]?[\\d.]+([eE][+-]?\\d+)?");
        try {
            return looksRight ? (Object) Double.parseDouble(((String) value).strip()) : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Object round(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("round", "precision", "method");
        Operators.rejectUndefined(value);
        if (!Values.isNumber(value)) {
            throw new TemplateException("round needs a number");
        }
        int places = (int) Math.max(-300, Math.min(300, bound.whole(0, 0)));
        RoundingMode mode = switch (bound.text(1, "common")) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new TemplateException("round knows the methods common, ceil and floor");
        };
        if (Values.isWhole(value) && mode == RoundingMode.HALF_EVEN && places >= 0) {
            return Values.whole(value);
        }
        double number = Values.number(value);
        return Double.isFinite(number)
                ? new BigDecimal(number).setScale(places, mode).doubleValue()
                : number;
    }

    private static Object toJson(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        Object indent = bound.optional(1, None.NONE);
        String level = indent == None.NONE
                ? null
                : indent instanceof String text
                        ? text
                        : " ".repeat((int) Math.max(0, Math.min(100, Values.requireWhole(indent, "tojson"))));
        String item = level == null ? ", " : ",";
        String key = ": ";
        if (bound.has(2) && bound.required(2) != None.NONE) {
            List<Object> separators = Values.elements(bound.required(2));
            if (separators.size() != 2) {
                throw new TemplateException("tojson needs two separators");
            }
            item = Values.text(separators.get(0));
            key = Values.text(separators.get(1));
        }
        return new JsonText(bound.flag(0, false), level, item, key, bound.flag(3, false), context.budget())
                .write(value);
    }
}
