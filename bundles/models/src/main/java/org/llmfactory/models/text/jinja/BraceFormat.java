package org.llmfactory.models.text.jinja;

/** Python's {@code "...".format(values)}. */
final class BraceFormat {
    private BraceFormat() {}

    static String format(String format, Arguments arguments, Budget budget) {
        StringBuilder text = new StringBuilder();
        int automatic = 0;
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i);
            if ((c == '{' || c == '}') && i + 1 < format.length() && format.charAt(i + 1) == c) {
                text.append(c);
                i += 2;
            } else if (c == '{') {
                int end = format.indexOf('}', i);
                if (end < 0) {
                    throw new TemplateException("a format field has no end");
                }
                String field = format.substring(i + 1, end);
                boolean unnamed = field.isEmpty() || field.startsWith(":") || field.startsWith("!");
                text.append(budget.made(field(unnamed ? automatic++ + field : field, arguments)));
                i = end + 1;
            } else if (c == '}') {
                throw new TemplateException("a single '}' in a format");
            } else {
                text.append(c);
                i++;
            }
        }
        return text.toString();
    }

    private static String field(String field, Arguments arguments) {
        int colon = field.indexOf(':');
        String head = colon < 0 ? field : field.substring(0, colon);
        String spec = colon < 0 ? "" : field.substring(colon + 1);
        int bang = head.indexOf('!');
        Object value = value(bang < 0 ? head : head.substring(0, bang), arguments);
        if (bang >= 0) {
            value = head.endsWith("!r") ? Representation.of(value) : Values.text(value);
        }
        return FormatSpec.parse(spec).format(value);
    }

    private static Object value(String path, Arguments arguments) {
        String[] names = path.split("\\.|\\[|\\]\\.?", -1);
        Object value = names[0].chars().allMatch(Character::isDigit)
                ? positional(names[0], arguments)
                : arguments.named().get(names[0]);
        if (value == null) {
            throw new TemplateException("the format needs a value named '" + names[0] + "'");
        }
        for (int i = 1; i < names.length; i++) {
            if (!names[i].isEmpty()) {
                boolean index = names[i].chars().allMatch(Character::isDigit);
                value = Members.item(value, index ? (Object) parse(names[i]) : names[i]);
                Operators.rejectUndefined(value);
            }
        }
        return value;
    }

    private static Object positional(String digits, Arguments arguments) {
        long index = parse(digits);
        if (index >= arguments.positional().size()) {
            throw new TemplateException("not enough arguments for the format");
        }
        return arguments.positional().get((int) index);
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new TemplateException("malformed format field '" + digits + "'");
        }
    }
}
