package org.llmfactory.models.text.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What can follow {@code is}. */
final class Tests {
    private static final Map<String, Test> TESTS = tests();

    private interface Test {
        boolean holds(Object value, Arguments arguments, Context context);
    }

    private Tests() {}

    static boolean apply(String name, Object value, Arguments arguments, Context context) {
        Test test = TESTS.get(name);
        if (test == null) {
            throw new TemplateException("there is no test named '" + name + "'");
        }
        return test.holds(value, arguments, context);
    }

    static boolean isKnown(Object name) {
        return name instanceof String text && TESTS.containsKey(text);
    }

    private static Map<String, Test> tests() {
        Map<String, Test> tests = new HashMap<>();
        kinds(tests);
        tests.put("odd", (value, given, context) -> Math.floorMod(Values.requireWhole(value, "odd"), 2L) == 1);
        tests.put("even", (value, given, context) -> Math.floorMod(Values.requireWhole(value, "even"), 2L) == 0);
        tests.put("divisibleby", (value, given, context) -> {
            long divisor = given.bind("divisibleby", "num").whole(0);
            return Operators.equal(Numbers.modulo(value, divisor), 0L);
        });
        tests.put("lower", (value, given, context) -> TextCases.isLower(Values.text(value)));
        tests.put("upper", (value, given, context) -> TextCases.isUpper(Values.text(value)));
        tests.put("in", (value, given, context) -> Operators.contains(other(given, "in"), value, context));
        tests.put("sameas", (value, given, context) -> {
            Object other = other(given, "sameas");
            return value == other
                    || (Values.typeName(value).equals(Values.typeName(other))
                            && !(value instanceof List)
                            && !(value instanceof Map)
                            && Operators.equal(value, other));
        });
        tests.put("filter", (value, given, context) -> Filters.isKnown(value));
        tests.put("test", (value, given, context) -> isKnown(value));
        comparisons(tests);
        return tests;
    }

    private static void kinds(Map<String, Test> tests) {
        tests.put("defined", (value, given, context) -> !(value instanceof Undefined));
        tests.put("undefined", (value, given, context) -> value instanceof Undefined);
        tests.put("none", (value, given, context) -> value == None.NONE);
        tests.put("boolean", (value, given, context) -> value instanceof Boolean);
        tests.put("true", (value, given, context) -> Boolean.TRUE.equals(value));
        tests.put("false", (value, given, context) -> Boolean.FALSE.equals(value));
        tests.put("integer", (value, given, context) -> value instanceof Long);
        tests.put("float", (value, given, context) -> value instanceof Double);
        tests.put("number", (value, given, context) -> Values.isNumber(value));
        tests.put("string", (value, given, context) -> value instanceof String);
        tests.put("mapping", (value, given, context) -> value instanceof Map);
        tests.put("sequence", (value, given, context) -> isIterable(value));
        tests.put("iterable", (value, given, context) -> isIterable(value));
        tests.put("callable", (value, given, context) -> value instanceof Callable);
        tests.put("escaped", (value, given, context) -> false);
    }

    private static boolean isIterable(Object value) {
        return value instanceof List || value instanceof Map || value instanceof String || value instanceof Undefined;
    }

    private static void comparisons(Map<String, Test> tests) {
        for (String name : List.of("eq", "equalto", "==")) {
            tests.put(name, (value, given, context) -> Operators.equal(value, other(given, name)));
        }
        for (String name : List.of("ne", "!=")) {
            tests.put(name, (value, given, context) -> !Operators.equal(value, other(given, name)));
        }
        for (String name : List.of("lt", "lessthan", "<")) {
            tests.put(name, (value, given, context) -> Operators.compare(value, other(given, name)) < 0);
        }
        for (String name : List.of("le", "<=")) {
            tests.put(name, (value, given, context) -> Operators.compare(value, other(given, name)) <= 0);
        }
        for (String name : List.of("gt", "greaterthan", ">")) {
            tests.put(name, (value, given, context) -> Operators.compare(value, other(given, name)) > 0);
        }
        for (String name : List.of("ge", ">=")) {
            tests.put(name, (value, given, context) -> Operators.compare(value, other(given, name)) >= 0);
        }
    }

    private static Object other(Arguments given, String name) {
        return given.bind(name, "other").required(0);
    }
}
