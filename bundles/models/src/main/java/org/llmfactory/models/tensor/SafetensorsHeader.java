package org.llmfactory.models.tensor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.models.internal.BoundedJson;
import org.llmfactory.models.internal.Faults;

/** Reads and checks the JSON header of a safetensors file. */
final class SafetensorsHeader {
    private static final int MOST_TENSORS = 200_000;
    private static final int MOST_DIMENSIONS = 8;

    private final String file;
    private final long dataSize;

    /**
     * @param file name for faults
     * @param dataSize bytes after the header
     */
    SafetensorsHeader(String file, long dataSize) {
        this.file = file;
        this.dataSize = dataSize;
    }

    /**
     * A tensor's place.
     *
     * @param begin first byte, counted from the end of the header
     * @param end byte after the last
     */
    record Entry(String name, StorageType type, List<Long> shape, long begin, long end) {}

    /** All tensors by name; their bytes fill the data without gap or overlap. */
    Map<String, Entry> parse(byte[] json) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (JsonParser parser = BoundedJson.factory().createParser(json)) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("__metadata__")) {
                    parser.skipChildren();
                    continue;
                }
                if (entries.size() == MOST_TENSORS) {
                    throw fault("more than " + MOST_TENSORS + " tensors");
                }
                entries.put(name, entry(name, parser));
            }
            if (parser.nextToken() != null) {
                throw fault("the header goes on after its end");
            }
        } catch (JacksonException e) {
            throw Faults.invalid(file, "bad header: " + BoundedJson.firstLine(e), e);
        } catch (IOException e) {
            throw Faults.invalid(file, "bad header", e);
        }
        checkCoverage(entries);
        return entries;
    }

    private Entry entry(String name, JsonParser parser) throws IOException {
        expect(parser, parser.currentToken(), JsonToken.START_OBJECT);
        Optional<StorageType> type = Optional.empty();
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "dtype" -> {
                    expect(parser, value, JsonToken.VALUE_STRING);
                    type = Optional.of(type(name, parser.getText()));
                }
                case "shape" -> shape = numbers(name, parser, MOST_DIMENSIONS);
                case "data_offsets" -> offsets = numbers(name, parser, 2);
                default -> throw fault(Faults.quote(name) + " has the unknown field " + Faults.quote(field));
            }
        }
        if (type.isEmpty() || shape == null || offsets == null || offsets.size() != 2) {
            throw fault(Faults.quote(name) + " lacks dtype, shape or two data_offsets");
        }
        return checked(new Entry(name, type.get(), shape, offsets.get(0), offsets.get(1)));
    }

    private Entry checked(Entry entry) {
        String name = Faults.quote(entry.name());
        if (entry.begin() > entry.end() || entry.end() > dataSize) {
            throw fault(name + " claims bytes " + entry.begin() + " to " + entry.end() + " of " + dataSize);
        }
        try {
            long size = TensorSizes.bytes(
                    entry.type(),
                    entry.shape().stream().mapToLong(Long::longValue).toArray());
            if (size != entry.end() - entry.begin()) {
                throw fault(name + " of shape " + entry.shape() + " needs " + size + " bytes but has "
                        + (entry.end() - entry.begin()));
            }
        } catch (ArithmeticException e) {
            throw Faults.invalid(file, name + " has the absurd shape " + entry.shape(), e);
        }
        return entry;
    }

    private void checkCoverage(Map<String, Entry> entries) {
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : ordered) {
            if (entry.begin() != end) {
                throw fault(Faults.quote(entry.name()) + (entry.begin() < end ? " overlaps" : " leaves a gap after")
                        + " the tensor before it");
            }
            end = entry.end();
        }
        if (end != dataSize) {
            throw fault((dataSize - end) + " bytes at the end belong to no tensor");
        }
    }

    private StorageType type(String name, String dtype) {
        return Arrays.stream(StorageType.values())
                .filter(type -> type.blockSize() == 1 && type.name().equals(dtype))
                .findFirst()
                .orElseThrow(() -> fault(Faults.quote(name) + " has the unknown dtype " + Faults.quote(dtype)));
    }

    private List<Long> numbers(String name, JsonParser parser, int most) throws IOException {
        expect(parser, parser.currentToken(), JsonToken.START_ARRAY);
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT);
            long number = parser.getLongValue();
            if (number < 0 || numbers.size() == most) {
                throw fault(Faults.quote(name) + " has a negative number or more than " + most + " of them");
            }
            numbers.add(number);
        }
        return List.copyOf(numbers);
    }

    private void expect(JsonParser parser, JsonToken found, JsonToken wanted) {
        if (found != wanted) {
            throw fault("bad header: " + wanted + " expected at byte "
                    + parser.currentTokenLocation().getByteOffset());
        }
    }

    private RuntimeException fault(String fault) {
        return Faults.invalid(file, fault);
    }
}
