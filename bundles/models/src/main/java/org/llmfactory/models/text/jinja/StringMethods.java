package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Python's methods of strings. */
final class StringMethods {
    private static final Map<String, Method> METHODS = methods();

    private interface Method {
        Object call(String text, Arguments arguments, Context context);
    }

    private StringMethods() {}

    static boolean isMethod(String name) {
        return METHODS.containsKey(name);
    }

    static Object call(String text, String name, Arguments arguments, Context context) {
        Method method = METHODS.get(name);
        if (method == null) {
            throw new IllegalArgumentException(name);
        }
        Object value = method.call(text, arguments, context);
        return value instanceof String made ? context.budget().made(made) : value;
    }

    private static Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>();
        changes(methods);
        searches(methods);
        parts(methods);
        questions(methods);
        return methods;
    }

    private static void changes(Map<String, Method> methods) {
        methods.put("strip", (text, given, context) -> strip(text, given, true, true));
        methods.put("lstrip", (text, given, context) -> strip(text, given, true, false));
        methods.put("rstrip", (text, given, context) -> strip(text, given, false, true));
        plain(methods, "upper", text -> text.toUpperCase(Locale.ROOT));
        plain(methods, "lower", text -> text.toLowerCase(Locale.ROOT));
        plain(methods, "casefold", text -> text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
        plain(methods, "title", text -> TextCases.title(text));
        plain(methods, "capitalize", text -> TextCases.capitalize(text));
        plain(methods, "swapcase", text -> TextCases.swap(text));
        methods.put("replace", (text, given, context) -> {
            Arguments.Bound bound = given.bind("replace", "old", "new", "count");
            return replace(text, bound.text(0), bound.text(1), bound.whole(2, -1), context.budget());
        });
        methods.put("removeprefix", (text, given, context) -> {
            String prefix = given.bind("removeprefix", "prefix").text(0);
            return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        });
        methods.put("removesuffix", (text, given, context) -> {
            String suffix = given.bind("removesuffix", "suffix").text(0);
            return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
        });
        methods.put(
                "ljust",
                (text, given, context) -> pad(text, given.bind("ljust", "width", "fillchar"), Side.RIGHT, context));
        methods.put(
                "rjust",
                (text, given, context) -> pad(text, given.bind("rjust", "width", "fillchar"), Side.LEFT, context));
        methods.put(
                "center",
                (text, given, context) -> pad(text, given.bind("center", "width", "fillchar"), Side.BOTH, context));
        methods.put("zfill", (text, given, context) -> {
            long width = given.bind("zfill", "width").whole(0);
            long missing = Math.max(0, width - CodePoints.count(text));
            context.budget().characters(missing);
            int sign = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
            return text.substring(0, sign) + "0".repeat((int) missing) + text.substring(sign);
        });
        methods.put("format", (text, given, context) -> BraceFormat.format(text, given, context.budget()));
        methods.put("join", (text, given, context) -> {
            List<String> parts = new ArrayList<>();
            long length = 0;
            for (Object part : Values.elements(given.bind("join", "iterable").required(0))) {
                parts.add(Values.requireText(part, "join()"));
                length += (long) parts.get(parts.size() - 1).length() + text.length();
            }
            context.budget().characters(length);
            return String.join(text, parts);
        });
    }

    private static void searches(Map<String, Method> methods) {
        methods.put("startswith", (text, given, context) -> {
            Arguments.Bound bound = given.bind("startswith", "prefix", "start", "end");
            String part = part(text, bound);
            return alternatives(bound.required(0)).stream().anyMatch(part::startsWith);
        });
        methods.put("endswith", (text, given, context) -> {
            Arguments.Bound bound = given.bind("endswith", "suffix", "start", "end");
            String part = part(text, bound);
            return alternatives(bound.required(0)).stream().anyMatch(part::endsWith);
        });
        methods.put("find", (text, given, context) -> find(text, given, false, "find"));
        methods.put("rfind", (text, given, context) -> find(text, given, true, "rfind"));
        methods.put("index", (text, given, context) -> found(find(text, given, false, "index")));
        methods.put("rindex", (text, given, context) -> found(find(text, given, true, "rindex")));
        methods.put("count", (text, given, context) -> {
            Arguments.Bound bound = given.bind("count", "sub", "start", "end");
            return count(part(text, bound), bound.text(0));
        });
    }

    private static void parts(Map<String, Method> methods) {
        methods.put("split", (text, given, context) -> split(text, given, false, context));
        methods.put("rsplit", (text, given, context) -> split(text, given, true, context));
        methods.put("splitlines", (text, given, context) -> {
            context.budget().characters(text.length());
            return TextParts.lines(text, given.bind("splitlines", "keepends").flag(0, false));
        });
        methods.put("partition", (text, given, context) -> partition(text, given, false));
        methods.put("rpartition", (text, given, context) -> partition(text, given, true));
    }

    private static void questions(Map<String, Method> methods) {
        question(methods, "isspace", CodePoints::isSpace);
        question(methods, "isalpha", Character::isLetter);
        question(methods, "isalnum", c -> Character.isLetter(c) || TextCases.isNumeric(c));
        question(methods, "isdigit", TextCases::isDigit);
        question(methods, "isdecimal", Character::isDigit);
        question(methods, "isnumeric", TextCases::isNumeric);
        plain(methods, "isascii", text -> text.chars().allMatch(c -> c < 128));
        plain(methods, "isupper", text -> TextCases.isUpper(text));
        plain(methods, "islower", text -> TextCases.isLower(text));
        plain(
                methods,
                "istitle",
                text -> text.chars().anyMatch(Character::isLetter)
                        && TextCases.title(text).equals(text));
    }

    private static void question(Map<String, Method> methods, String name, IntPredicate predicate) {
        plain(methods, name, text -> !text.isEmpty() && text.codePoints().allMatch(predicate));
    }

    /** A method without arguments. */
    private static void plain(Map<String, Method> methods, String name, Function<String, Object> method) {
        methods.put(name, (text, given, context) -> {
            given.bind(name);
            return method.apply(text);
        });
    }

    static String strip(String text, Arguments given, boolean left, boolean right) {
        Object characters = given.bind("strip", "chars").optional(0, None.NONE);
        if (characters == None.NONE) {
            return TextParts.strip(text, CodePoints::isSpace, left, right);
        }
        String set = Values.requireText(characters, "strip()");
        return TextParts.strip(text, c -> set.indexOf(c) >= 0, left, right);
    }

    static String replace(String text, String old, String replacement, long count, Budget budget) {
        long left = count < 0 ? Long.MAX_VALUE : count;
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        while (left-- > 0) {
            int next = text.indexOf(old, from);
            if (next < 0) {
                break;
            }
            int end = old.isEmpty() ? Math.min(text.length(), from + 1) : next + old.length();
            budget.characters(replacement.length());
            if (old.isEmpty()) {
                replaced.append(replacement).append(text, from, end);
                if (from == text.length()) {
                    return replaced.toString();
                }
            } else {
                replaced.append(text, from, next).append(replacement);
            }
            from = end;
        }
        return replaced.append(text, from, text.length()).toString();
    }

    /** Where padding goes. */
    private enum Side {
        LEFT,
        RIGHT,
        BOTH
    }

    private static String pad(String text, Arguments.Bound bound, Side side, Context context) {
        String fill = bound.text(1, " ");
        long width = bound.whole(0);
        long missing = Math.max(0, width - CodePoints.count(text));
        context.budget().characters(missing * fill.length());
        long left = switch (side) {
            case LEFT -> missing;
            case RIGHT -> 0;
            case BOTH -> missing / 2 + (missing & width & 1);
        };
        return fill.repeat((int) left) + text + fill.repeat((int) (missing - left));
    }

    private static String part(String text, Arguments.Bound bound) {
        long length = CodePoints.count(text);
        long start = clamp(bound.whole(1, 0), length);
        long end = Math.max(start, clamp(bound.whole(2, length), length));
        return start == 0 && end == length
                ? text
                : text.substring(CodePoints.offset(text, start), CodePoints.offset(text, end));
    }

    private static long clamp(long index, long length) {
        return Math.max(0, Math.min(length, index < 0 ? index + length : index));
    }

    private static List<String> alternatives(Object given) {
        return given instanceof Tuple tuple
                ? tuple.stream()
                        .map(each -> Values.requireText(each, "startswith()"))
                        .toList()
                : List.of(Values.requireText(given, "startswith()"));
    }

    private static long find(String text, Arguments given, boolean last, String name) {
        Arguments.Bound bound = given.bind(name, "sub", "start", "end");
        String part = part(text, bound);
        long found = CodePoints.index(part, last ? part.lastIndexOf(bound.text(0)) : part.indexOf(bound.text(0)));
        return found < 0 ? -1 : found + clamp(bound.whole(1, 0), CodePoints.count(text));
    }

    private static long found(long index) {
        if (index < 0) {
            throw new TemplateException("substring not found");
        }
        return index;
    }

    private static long count(String text, String sub) {
        if (sub.isEmpty()) {
            return CodePoints.count(text) + 1L;
        }
        long count = 0;
        for (int i = text.indexOf(sub); i >= 0; i = text.indexOf(sub, i + sub.length())) {
            count++;
        }
        return count;
    }

    private static Object split(String text, Arguments given, boolean fromRight, Context context) {
        Arguments.Bound bound = given.bind("split", "sep", "maxsplit");
        Object separator = bound.optional(0, None.NONE);
        long most = bound.whole(1, -1);
        context.budget().characters(text.length());
        List<Object> parts = separator == None.NONE
                ? TextParts.words(text, most, fromRight)
                : TextParts.split(text, Values.requireText(separator, "split()"), most, fromRight);
        context.budget().steps(parts.size());
        return parts;
    }

    private static Object partition(String text, Arguments given, boolean last) {
        String separator = given.bind("partition", "sep").text(0);
        List<Object> parts = new ArrayList<>(TextParts.split(text, separator, 1, last));
        if (parts.size() == 2) {
            parts.add(1, separator);
        } else {
            parts.addAll(last ? 0 : 1, Collections.nCopies(2, ""));
        }
        return new Tuple(parts);
    }
}
