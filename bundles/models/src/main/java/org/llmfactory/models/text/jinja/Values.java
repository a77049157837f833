package org.llmfactory.models.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a template and what Python says of them. There are: {@link None}, {@link Undefined}, Boolean, Long,
 * Double, String, List ({@link Tuple} where Python has one), Map, {@link Namespace}, {@link Loop} and {@link Callable}.
 * None of them changes once made but a namespace.
 */
final class Values {
    private static final int DEEPEST = 100;

    private Values() {}

    /** A value handed to the template. */
    static Object fromJson(@Nullable Object value) {
        return fromJson(value, 0);
    }

    private static Object fromJson(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new TemplateException("the variables are nested too deeply");
        }
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> copy.put(String.valueOf(key), fromJson(element, depth + 1)));
            return copy;
        }
        if (value instanceof Collection<?> collection) {
            List<Object> copy = new ArrayList<>(collection.size());
            collection.forEach(element -> copy.add(fromJson(element, depth + 1)));
            return copy;
        }
        if (value instanceof Number number) {
            return fromNumber(number);
        }
        if (value instanceof Boolean || value instanceof String) {
            return value;
        }
        throw new TemplateException("a variable is of a type that JSON does not have");
    }

    private static Object fromNumber(Number number) {
        if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
            return number.doubleValue();
        }
        if (number instanceof BigInteger big && big.bitLength() > 63) {
            return big.doubleValue();
        }
        return number.longValue();
    }

    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Long number) {
            return number != 0;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Collection<?> elements) {
            return !elements.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value != None.NONE && !(value instanceof Undefined);
    }

    /** What printing the value shows. */
    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Undefined ? "" : Representation.of(value);
    }

    /** Python's name of the type. */
    static String typeName(Object value) {
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (value instanceof Tuple) {
            return "tuple";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof Map) {
            return "dict";
        }
        if (value == None.NONE) {
            return "NoneType";
        }
        return value instanceof Callable ? "function" : value.getClass().getSimpleName();
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** Whole numbers and booleans, which Python counts among them. */
    static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    static long whole(Object value) {
        return value instanceof Boolean flag ? (flag ? 1 : 0) : (Long) value;
    }

    static double number(Object value) {
        return value instanceof Double number ? number : whole(value);
    }

    static long requireWhole(Object value, String user) {
        if (!isWhole(value)) {
            throw mismatch(value, user, "a whole number");
        }
        return whole(value);
    }

    static String requireText(Object value, String user) {
        if (value instanceof String text) {
            return text;
        }
        throw mismatch(value, user, "a string");
    }

    private static TemplateException mismatch(Object value, String user, String wanted) {
        if (value instanceof Undefined undefined) {
            return undefined.failure();
        }
        return new TemplateException(user + " needs " + wanted + ", not a value of type '" + typeName(value) + "'");
    }

    /** The elements a loop goes over: those of a list, the keys of a map, the characters of a string. */
    static List<Object> elements(Object value) {
        if (value instanceof List<?> list) {
            @SuppressWarnings("unchecked") // every list of a template holds values
            List<Object> elements = (List<Object>) list;
            return elements;
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            return CodePoints.characters(text);
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new TemplateException("a value of type '" + typeName(value) + "' has no elements");
    }

    static long length(Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Collection<?> elements) {
            return elements.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw new TemplateException("a value of type '" + typeName(value) + "' has no length");
    }
}
