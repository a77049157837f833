package org.llmfactory.models.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code "..." % values}. */
final class PercentFormat {
    private static final Pattern FIELD =
            Pattern.compile("%(?:\\(([^)]*)\\))?([-+ 0#]*)(\\d{1,9})?(?:\\.(\\d{1,9}))?([%diouxXeEfFgGcrsa])");

    private PercentFormat() {}

    static String format(String format, Object values, Budget budget) {
        List<?> sequence = values instanceof Tuple tuple ? tuple : List.of(values);
        StringBuilder text = new StringBuilder();
        Matcher field = FIELD.matcher(format);
        int from = 0;
        int used = 0;
        for (int percent = format.indexOf('%'); percent >= 0; percent = format.indexOf('%', from)) {
            if (!field.find(percent) || field.start() != percent) {
                throw new TemplateException("malformed format '" + format + "'");
            }
            text.append(format, from, percent);
            from = field.end();
            if (field.group(5).equals("%")) {
                text.append('%');
                continue;
            }
            if (field.group(1) == null && used >= sequence.size()) {
                throw new TemplateException("not enough arguments for the format");
            }
            Object value = field.group(1) == null ? sequence.get(used++) : named(values, field.group(1));
            text.append(budget.made(convert(value, field)));
        }
        if (used < sequence.size() && !(values instanceof Map)) {
            throw new TemplateException("not all arguments are used by the format");
        }
        return text.append(format, from, format.length()).toString();
    }

    private static Object named(Object values, String name) {
        Object value = values instanceof Map<?, ?> map ? map.get(name) : null;
        if (value == null) {
            throw new TemplateException("the format needs a value named '" + name + "'");
        }
        return value;
    }

    private static String convert(Object value, Matcher field) {
        String flags = field.group(2);
        String width = field.group(3) == null ? "" : field.group(3);
        String precision = field.group(4) == null ? "" : "." + field.group(4);
        String type = field.group(5);
        if ("rsa".contains(type)) {
            String text = type.equals("s") ? Values.text(value) : Representation.of(value);
            return FormatSpec.parse((flags.contains("-") ? "<" : ">") + width + precision)
                    .format(text);
        }
        if (!Values.isNumber(value) && !type.equals("c")) {
            throw new TemplateException(
                    "%" + type + " needs a number, not a value of type '" + Values.typeName(value) + "'");
        }
        if (type.equals("c") && value instanceof String) {
            return Values.text(value);
        }
        boolean whole = "diu".contains(type);
        String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        String align = flags.contains("-") ? "<" : flags.contains("0") ? "0=" : ">";
        Object number = whole && value instanceof Double real ? (Object) (long) real.doubleValue() : value;
        return FormatSpec.parse(align + sign + width + (whole ? "" : precision) + (whole ? "d" : type))
                .format(number);
    }
}
