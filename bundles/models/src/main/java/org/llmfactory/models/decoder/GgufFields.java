package org.llmfactory.models.decoder;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.tensor.GgufFile;

/** Checked access to the metadata of a GGUF file; a fault names file and key. */
final class GgufFields {
    private final GgufFile gguf;
    private final String architecture;

    GgufFields(GgufFile gguf) {
        this.gguf = gguf;
        this.architecture = text("general.architecture").orElseThrow(() -> fault("general.architecture", "is missing"));
    }

    String file() {
        return gguf.fileName();
    }

    String architecture() {
        return architecture;
    }

    Optional<String> text(String key) {
        Object value = gguf.metadata().get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw fault(key, "is not text");
    }

    /** The text of {@code <architecture>.<key>}. */
    Optional<String> ownText(String key) {
        return text(architecture + "." + key);
    }

    /** A whole number from {@code min} to {@code max}; an array whose elements agree counts as one number. */
    OptionalInt whole(String key, int min, int max) {
        Object value = gguf.metadata().get(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        long number = single(key, value);
        if (number < min || number > max) {
            throw fault(key, "is " + number + ", not from " + min + " to " + max);
        }
        return OptionalInt.of((int) number);
    }

    /** The number of {@code <architecture>.<key>}. */
    OptionalInt ownWhole(String key, int min, int max) {
        return whole(architecture + "." + key, min, max);
    }

    /** The number of {@code <architecture>.<key>}, from 1 to {@code max}. */
    OptionalInt ownCount(String key, int max) {
        return ownWhole(key, 1, max);
    }

    int requiredOwnCount(String key, int max) {
        return ownCount(key, max).orElseThrow(() -> fault(architecture + "." + key, "is missing"));
    }

    /** The number of {@code <architecture>.<key>}, finite and greater than 0. */
    OptionalDouble ownPositive(String key) {
        Object value = gguf.metadata().get(architecture + "." + key);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (value instanceof Number number && number.doubleValue() > 0 && Double.isFinite(number.doubleValue())) {
            return OptionalDouble.of(shortest(number));
        }
        throw fault(architecture + "." + key, "is not a number greater than 0");
    }

    RuntimeException fault(String key, String fault) {
        return Faults.invalid(file(), Faults.quote(key) + " " + fault);
    }

    /** The number a person wrote: 1e-5 rather than the widened float 9.99999974737875e-6. */
    private static double shortest(Number number) {
        float single = number.floatValue();
        return number.doubleValue() == single ? Double.parseDouble(Float.toString(single)) : number.doubleValue();
    }

    private long single(String key, Object value) {
        if (value instanceof Long number) {
            return number;
        }
        LongStream numbers = value instanceof int[] ints
                ? Arrays.stream(ints).asLongStream()
                : value instanceof long[] longs ? Arrays.stream(longs) : LongStream.empty();
        long[] distinct = numbers.distinct().limit(2).toArray();
        if (distinct.length == 2) {
            throw fault(key, "differs between layers, which is not served");
        }
        if (distinct.length == 0) {
            throw fault(key, "is not a whole number");
        }
        return distinct[0];
    }
}
