package org.llmfactory.models.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.llmfactory.models.internal.Faults;

/** Reads and checks the table of tensors in a GGUF header. */
final class GgufTensors {
    private static final int MOST_TENSORS = 1 << 17;
    private static final int MOST_DIMENSIONS = 4;
    private static final Map<Integer, String> UNREAD = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private final GgufCursor cursor;

    GgufTensors(GgufCursor cursor) {
        this.cursor = cursor;
    }

    /**
     * A tensor's place.
     *
     * @param shape outermost dimension first
     * @param offset first byte, counted from the start of the data
     */
    record Entry(String name, StorageType type, List<Long> shape, long offset, long size) {}

    /** The number of tensors, each at least a name length, a dimension count, a dimension, a type and an offset. */
    int count() {
        return cursor.count("tensors", MOST_TENSORS, 25);
    }

    Map<String, Entry> read(int count) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Entry entry = entry(cursor.name());
            if (entries.put(entry.name(), entry) != null) {
                throw cursor.fault("the tensor " + Faults.quote(entry.name()) + " is there twice");
            }
        }
        return entries;
    }

    private Entry entry(String name) {
        int dimensions = cursor.int32();
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw cursor.fault(Faults.quote(name) + " has " + Integer.toUnsignedString(dimensions) + " dimensions");
        }
        long[] shape = new long[dimensions];
        for (int i = dimensions - 1; i >= 0; i--) {
            shape[i] = cursor.int64();
        }
        StorageType type = type(name, cursor.int32());
        long offset = cursor.int64();
        List<Long> dimensionList = Arrays.stream(shape).boxed().toList();
        try {
            return new Entry(name, type, dimensionList, offset, TensorSizes.bytes(type, shape));
        } catch (ArithmeticException e) {
            throw cursor.fault(Faults.quote(name) + " of type " + type + " has the absurd shape " + dimensionList);
        }
    }

    private StorageType type(String name, int code) {
        return StorageType.ofGguf(code)
                .orElseThrow(() -> cursor.fault(Faults.quote(name) + " has the type "
                        + UNREAD.getOrDefault(code, Integer.toUnsignedString(code)) + "; read are "
                        + Arrays.stream(StorageType.values())
                                .filter(type -> type.isReadable() && type != StorageType.F64)
                                .map(Enum::name)
                                .collect(Collectors.joining(", "))));
    }

    /** Checks that every tensor is aligned, inside the data, and begins where the one before it ends. */
    void checkPlaces(Map<String, Entry> entries, int alignment, long dataSize) {
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(Entry::offset));
        long end = 0;
        for (Entry entry : ordered) {
            String name = Faults.quote(entry.name());
            if (entry.offset() < 0 || entry.offset() % alignment != 0 || entry.offset() > dataSize - entry.size()) {
                throw cursor.fault(name + " of " + entry.size() + " bytes at offset "
                        + Long.toUnsignedString(entry.offset()) + " does not fit the " + dataSize
                        + " bytes of data or their alignment; the file may be cut short");
            }
            if (entry.offset() < end || entry.offset() - end >= alignment) {
                throw cursor.fault(
                        name + (entry.offset() < end ? " overlaps" : " leaves a gap after") + " the tensor before it");
            }
            end = entry.offset() + entry.size();
        }
    }
}
