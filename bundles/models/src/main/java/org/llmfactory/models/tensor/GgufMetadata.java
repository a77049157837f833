package org.llmfactory.models.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llmfactory.models.internal.Faults;

/**
 * Reads the key-value part of a GGUF header; see {@link GgufFile#metadata()} for the types it gives. The type numbers are
 * GGUF's: 0 UINT8, 1 INT8, 2 UINT16, 3 INT16, 4 UINT32, 5 INT32, 6 FLOAT32, 7 BOOL, 8 STRING, 9 ARRAY, 10 UINT64,
 * 11 INT64, 12 FLOAT64.
 */
final class GgufMetadata {
    private static final int MOST_KEYS = 1 << 16;
    private static final int MOST_NUMBERS = 16 << 20;
    private static final int MOST_TEXTS = 2 << 20;
    private static final int MOST_INNER_ARRAYS = 10_000;
    private static final int DEEPEST = 4;

    private final GgufCursor cursor;
    private int texts;
    private int innerArrays;

    GgufMetadata(GgufCursor cursor) {
        this.cursor = cursor;
    }

    /** The number of entries, each at least a key length, a type and a byte. */
    int count() {
        return cursor.count("metadata entries", MOST_KEYS, 13);
    }

    Map<String, Object> read(int count) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = cursor.name();
            if (metadata.put(key, value(key, cursor.int32(), 0)) != null) {
                throw cursor.fault("the metadata key " + Faults.quote(key) + " is there twice");
            }
        }
        return metadata;
    }

    private Object value(String key, int type, int depth) {
        return switch (type) {
            case 0 -> (long) (cursor.int8() & 0xFF);
            case 1 -> (long) cursor.int8();
            case 2 -> (long) (cursor.int16() & 0xFFFF);
            case 3 -> (long) cursor.int16();
            case 4 -> cursor.int32() & 0xFFFF_FFFFL;
            case 5 -> (long) cursor.int32();
            case 6 -> (double) cursor.float32();
            case 7 -> cursor.bool();
            case 8 -> text();
            case 9 -> array(key, depth + 1);
            case 10 -> unsigned(key, cursor.int64());
            case 11 -> cursor.int64();
            case 12 -> cursor.float64();
            default -> throw unknownType(key, type);
        };
    }

    private Object array(String key, int depth) {
        int type = cursor.int32();
        return switch (type) {
            case 0, 1, 2, 3, 5 -> ints(type);
            case 4, 10, 11 -> longs(key, type);
            case 6 -> floats();
            case 7 -> booleans();
            case 12 -> doubles();
            case 8 -> texts();
            case 9 -> arrays(key, depth);
            default -> throw unknownType(key, type);
        };
    }

    private int[] ints(int type) {
        int[] values = new int[cursor.count("numbers", MOST_NUMBERS, bytes(type))];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case 0 -> cursor.int8() & 0xFF;
                case 1 -> cursor.int8();
                case 2 -> cursor.int16() & 0xFFFF;
                case 3 -> cursor.int16();
                default -> cursor.int32();
            };
        }
        return values;
    }

    private long[] longs(String key, int type) {
        long[] values = new long[cursor.count("numbers", MOST_NUMBERS, bytes(type))];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case 4 -> cursor.int32() & 0xFFFF_FFFFL;
                case 10 -> unsigned(key, cursor.int64());
                default -> cursor.int64();
            };
        }
        return values;
    }

    /** Bytes of a whole number. */
    private static int bytes(int type) {
        return switch (type) {
            case 0, 1 -> 1;
            case 2, 3 -> 2;
            case 4, 5 -> 4;
            default -> 8;
        };
    }

    private float[] floats() {
        float[] values = new float[cursor.count("numbers", MOST_NUMBERS, 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = cursor.float32();
        }
        return values;
    }

    private double[] doubles() {
        double[] values = new double[cursor.count("numbers", MOST_NUMBERS, 8)];
        for (int i = 0; i < values.length; i++) {
            values[i] = cursor.float64();
        }
        return values;
    }

    private boolean[] booleans() {
        boolean[] values = new boolean[cursor.count("booleans", MOST_NUMBERS, 1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = cursor.bool();
        }
        return values;
    }

    private List<String> texts() {
        int count = cursor.count("texts", MOST_TEXTS, 8);
        List<String> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(text());
        }
        return List.copyOf(values);
    }

    private List<Object> arrays(String key, int depth) {
        int count = cursor.count("arrays", MOST_INNER_ARRAYS, 12);
        innerArrays += count;
        if (depth == DEEPEST || innerArrays > MOST_INNER_ARRAYS) {
            throw cursor.fault("the metadata of " + Faults.quote(key) + " nests too many arrays");
        }
        List<Object> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(array(key, depth + 1));
        }
        return List.copyOf(values);
    }

    private String text() {
        texts++;
        if (texts > MOST_TEXTS) {
            throw cursor.fault("more than " + MOST_TEXTS + " texts in the metadata");
        }
        return cursor.text();
    }

    private long unsigned(String key, long value) {
        if (value < 0) {
            throw cursor.fault("the number of " + Faults.quote(key) + " is beyond 63 bits");
        }
        return value;
    }

    private RuntimeException unknownType(String key, int type) {
        return cursor.fault("the metadata of " + Faults.quote(key) + " has the unknown type " + type);
    }
}
