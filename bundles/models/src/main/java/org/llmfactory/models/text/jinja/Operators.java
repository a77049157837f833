package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's binary operators. */
final class Operators {
    private Operators() {}

    static Object apply(String operator, Object left, Object right, Context context) {
        rejectUndefined(left);
        rejectUndefined(right);
        if (operator.equals("%") && left instanceof String format) {
            return context.budget().made(PercentFormat.format(format, right, context.budget()));
        }
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return arithmetic(operator, left, right);
        }
        if (operator.equals("+")) {
            return concatenate(left, right, context);
        }
        if (operator.equals("*") && Values.isWhole(right)) {
            return repeat(left, Values.whole(right), context);
        }
        if (operator.equals("*") && Values.isWhole(left)) {
            return repeat(right, Values.whole(left), context);
        }
        throw mismatch(operator, left, right);
    }

    private static Object arithmetic(String operator, Object left, Object right) {
        return switch (operator) {
            case "+" -> Numbers.add(left, right);
            case "-" -> Numbers.subtract(left, right);
            case "*" -> Numbers.multiply(left, right);
            case "/" -> Numbers.divide(left, right);
            case "//" -> Numbers.floorDivide(left, right);
            case "%" -> Numbers.modulo(left, right);
            case "**" -> Numbers.power(left, right);
            default -> throw new IllegalStateException("no such operator: " + operator);
        };
    }

    private static Object concatenate(Object left, Object right, Context context) {
        if (left instanceof String first && right instanceof String second) {
            context.budget().characters((long) first.length() + second.length());
            return first + second;
        }
        if (left instanceof List<?> first
                && right instanceof List<?> second
                && (left instanceof Tuple) == (right instanceof Tuple)) {
            context.budget().steps((long) first.size() + second.size());
            List<Object> joined = new ArrayList<>(first);
            joined.addAll(second);
            return left instanceof Tuple ? new Tuple(joined) : joined;
        }
        throw mismatch("+", left, right);
    }

    private static Object repeat(Object value, long times, Context context) {
        long count = Math.max(0, times);
        if (value instanceof String text) {
            context.budget().characters(text.isEmpty() ? 0 : saturated(text.length(), count));
            return text.isEmpty() ? "" : text.repeat((int) count);
        }
        if (value instanceof List<?> list) {
            context.budget().steps(list.isEmpty() ? 0 : saturated(list.size(), count));
            List<Object> repeated = new ArrayList<>();
            for (long i = 0; i < count && !list.isEmpty(); i++) {
                repeated.addAll(list);
            }
            return value instanceof Tuple ? new Tuple(repeated) : repeated;
        }
        throw mismatch("*", value, times);
    }

    private static long saturated(long size, long count) {
        return count > Integer.MAX_VALUE ? Long.MAX_VALUE / 2 : size * count;
    }

    static boolean equal(Object a, Object b) {
        if (Values.isNumber(a) && Values.isNumber(b)) {
            boolean whole = Values.isWhole(a) && Values.isWhole(b);
            return whole ? Values.whole(a) == Values.whole(b) : Values.number(a) == Values.number(b);
        }
        boolean nested = (a instanceof List && b instanceof List) || (a instanceof Map && b instanceof Map);
        if (nested) {
            return new Equality().holds(a, b);
        }
        return a instanceof Undefined ? b instanceof Undefined : a.equals(b);
    }

    /** Python's order; an error between values that have none. */
    static int compare(Object a, Object b) {
        rejectUndefined(a);
        rejectUndefined(b);
        if (Values.isNumber(a) && Values.isNumber(b)) {
            return Values.isWhole(a) && Values.isWhole(b)
                    ? Long.compare(Values.whole(a), Values.whole(b))
                    : Double.compare(Values.number(a), Values.number(b));
        }
        if (a instanceof String first && b instanceof String second) {
            return compareText(first, second);
        }
        if (a instanceof List<?> first && b instanceof List<?> second) {
            Iterator<?> others = second.iterator();
            for (Object element : first) {
                if (!others.hasNext()) {
                    return 1;
                }
                Object other = others.next();
                if (!equal(element, other)) {
                    return compare(element, other);
                }
            }
            return others.hasNext() ? -1 : 0;
        }
        throw mismatch("<", a, b);
    }

    private static int compareText(String a, String b) {
        Iterator<Integer> others = b.codePoints().iterator();
        for (Iterator<Integer> own = a.codePoints().iterator(); own.hasNext(); ) {
            if (!others.hasNext()) {
                return 1;
            }
            int order = Integer.compare(own.next(), others.next());
            if (order != 0) {
                return order;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    /** Python's {@code in}. */
    static boolean contains(Object container, Object value, Context context) {
        if (container instanceof String text) {
            return text.contains(Values.requireText(value, "'in' with a string"));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(value);
        }
        if (container instanceof Namespace || container == None.NONE || Values.isNumber(container)) {
            throw new TemplateException(
                    "a value of type '" + Values.typeName(container) + "' has no elements to look among");
        }
        List<Object> elements = Values.elements(container);
        context.budget().steps(elements.size());
        return elements.stream().anyMatch(element -> equal(element, value));
    }

    static void rejectUndefined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
    }

    private static TemplateException mismatch(String operator, Object left, Object right) {
        return new TemplateException("'" + operator + "' does not go with values of types '" + Values.typeName(left)
                + "' and '" + Values.typeName(right) + "'");
    }
}
