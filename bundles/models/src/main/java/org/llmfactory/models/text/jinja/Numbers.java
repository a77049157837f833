package org.llmfactory.models.text.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.LongSupplier;

/** Python's arithmetic on numbers and the way it writes floats. */
final class Numbers {
    private Numbers() {}

    /** The shortest text that reads back as this number. */
    static String repr(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(number);
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            String digits = shortest.unscaledValue().abs().toString();
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return (number < 0 ? "-" : "")
                    + digits.charAt(0)
                    + fraction
                    + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        String plain = shortest.toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    private static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == number) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    static Object add(Object a, Object b) {
        return areWhole(a, b)
                ? exact(() -> Math.addExact(Values.whole(a), Values.whole(b)))
                : (Object) (Values.number(a) + Values.number(b));
    }

    static Object subtract(Object a, Object b) {
        return areWhole(a, b)
                ? exact(() -> Math.subtractExact(Values.whole(a), Values.whole(b)))
                : (Object) (Values.number(a) - Values.number(b));
    }

    static Object multiply(Object a, Object b) {
        return areWhole(a, b)
                ? exact(() -> Math.multiplyExact(Values.whole(a), Values.whole(b)))
                : (Object) (Values.number(a) * Values.number(b));
    }

    static Object divide(Object a, Object b) {
        return Values.number(a) / nonZero(b);
    }

    static Object floorDivide(Object a, Object b) {
        nonZero(b);
        return areWhole(a, b)
                ? (Object) Math.floorDiv(Values.whole(a), Values.whole(b))
                : (Object) Math.floor(Values.number(a) / Values.number(b));
    }

    static Object modulo(Object a, Object b) {
        nonZero(b);
        if (areWhole(a, b)) {
            return Math.floorMod(Values.whole(a), Values.whole(b));
        }
        double divisor = Values.number(b);
        double remainder = Values.number(a) % divisor;
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder;
    }

    static Object power(Object a, Object b) {
        if (areWhole(a, b) && Values.whole(b) >= 0) {
            double estimate = Math.pow((double) Values.whole(a), (double) Values.whole(b));
            if (Math.abs(estimate) < 1L << 53) {
                return (long) estimate;
            }
            throw new TemplateException("a whole number is out of range");
        }
        return Math.pow(Values.number(a), Values.number(b));
    }

    static Object negate(Object a) {
        return Values.isWhole(a) ? subtract(0L, a) : (Object) (-Values.number(a));
    }

    private static boolean areWhole(Object a, Object b) {
        return Values.isWhole(a) && Values.isWhole(b);
    }

    private static double nonZero(Object divisor) {
        if (Values.number(divisor) == 0) {
            throw new TemplateException("division by zero");
        }
        return Values.number(divisor);
    }

    private static Object exact(LongSupplier operation) {
        try {
            return operation.getAsLong();
        } catch (ArithmeticException e) {
            throw new TemplateException("a whole number is out of range");
        }
    }
}
