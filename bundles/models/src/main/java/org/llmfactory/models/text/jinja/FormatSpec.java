package org.llmfactory.models.text.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's format specification: {@code [[fill]align][sign][#][0][width][,][.precision][type]}. */
record FormatSpec(String fill, char align, char sign, boolean zero, int width, char group, int precision, char type) {
    private static final int WIDEST = 10_000;
    private static final Pattern SYNTAX = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([bcdeEfFgGnosxX%])?",
            Pattern.DOTALL);

    static FormatSpec parse(String spec) {
        Matcher matcher = SYNTAX.matcher(spec);
        if (!matcher.matches()) {
            throw new TemplateException("malformed format '" + spec + "'");
        }
        boolean zero = matcher.group(5) != null;
        return new FormatSpec(
                matcher.group(1) != null ? matcher.group(1) : zero && matcher.group(2) == null ? "0" : " ",
                matcher.group(2) != null ? matcher.group(2).charAt(0) : zero ? '=' : 0,
                character(matcher.group(3), '-'),
                zero,
                bounded(matcher.group(6), 0),
                character(matcher.group(7), (char) 0),
                bounded(matcher.group(8), -1),
                character(matcher.group(9), (char) 0));
    }

    private static char character(@Nullable String group, char otherwise) {
        return group == null ? otherwise : group.charAt(0);
    }

    private static int bounded(@Nullable String group, int otherwise) {
        int value = group == null ? otherwise : Integer.parseInt(group);
        if (value > WIDEST) {
            throw new TemplateException("a format is wider than " + WIDEST);
        }
        return value;
    }

    String format(Object value) {
        if (value instanceof Boolean && type == 0) {
            return pad(Values.text(value), '<');
        }
        if (Values.isNumber(value) && type != 's') {
            return number(value);
        }
        if (type != 0 && type != 's') {
            throw new TemplateException(
                    "format '" + type + "' does not go with a value of type '" + Values.typeName(value) + "'");
        }
        String text = Values.text(value);
        boolean cut = precision >= 0 && CodePoints.count(text) > precision;
        return pad(cut ? text.substring(0, CodePoints.offset(text, precision)) : text, '<');
    }

    private String number(Object value) {
        String digits = digits(value);
        boolean negative = digits.startsWith("-");
        String shownSign = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
        String unsigned = negative ? digits.substring(1) : digits;
        if (group != 0) {
            unsigned = grouped(unsigned);
        }
        if (align == '=') {
            int missing = Math.max(0, width - shownSign.length() - unsigned.length());
            return shownSign + fill.repeat(missing) + unsigned;
        }
        return pad(shownSign + unsigned, '>');
    }

    private String digits(Object value) {
        if (Values.isWhole(value) && (type == 0 || "bcdnoxX".indexOf(type) >= 0)) {
            return whole(Values.whole(value));
        }
        double number = Values.number(value);
        if (!Double.isFinite(number)) {
            return Numbers.repr(number);
        }
        int places = precision < 0 ? 6 : precision;
        return switch (type) {
            case 'f', 'F' -> fixed(number, places);
            case '%' -> fixed(number * 100, places) + "%";
            case 'e', 'E' -> exponential(number, places, type);
            case 'g', 'G', 'n' -> general(number, Math.max(1, places));
            case 0 -> precision < 0 ? Numbers.repr(number) : general(number, Math.max(1, precision));
            default -> throw new TemplateException("format '" + type + "' does not go with a float");
        };
    }

    private String whole(long value) {
        return switch (type) {
            case 'b' -> Long.toString(value, 2);
            case 'o' -> Long.toString(value, 8);
            case 'x' -> Long.toString(value, 16);
            case 'X' -> Long.toString(value, 16).toUpperCase(Locale.ROOT);
            case 'c' -> Character.toString((int) value);
            default -> Long.toString(value);
        };
    }

    private static String fixed(double number, int places) {
        String text =
                new BigDecimal(number).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
        return 1 / number < 0 && !text.startsWith("-") ? "-" + text : text;
    }

    private static String exponential(double number, int places, char type) {
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(places + 1, RoundingMode.HALF_EVEN));
        int exponent = number == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.scaleByPowerOfTen(-exponent)
                .setScale(places, RoundingMode.HALF_EVEN)
                .toPlainString();
        return mantissa + type + String.format("%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private String general(double number, int digits) {
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = number == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent >= digits) {
            String text = exponential(number, digits - 1, 'e');
            int e = text.indexOf('e');
            return withoutTrailingZeros(text.substring(0, e)) + text.substring(e);
        }
        return withoutTrailingZeros(rounded.toPlainString());
    }

    private static String withoutTrailingZeros(String text) {
        return text.indexOf('.') < 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private String grouped(String digits) {
        int end = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
        StringBuilder text = new StringBuilder(digits);
        for (int i = end - 3; i > 0; i -= 3) {
            text.insert(i, group);
        }
        return text.toString();
    }

    private String pad(String text, char usual) {
        int missing = Math.max(0, width - CodePoints.count(text));
        int left = switch (align == 0 ? usual : align) {
            case '<' -> 0;
            case '^' -> missing / 2;
            default -> missing;
        };
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }
}
