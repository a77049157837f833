package org.llmfactory.models.tensor;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.models.internal.MappedFile;

/** A GGUF file of version 2 or 3. */
public final class GgufFile implements TensorSource {
    private static final int MAGIC = 0x4655_4747;
    private static final long LARGEST_HEADER = 96 << 20;
    private static final String ALIGNMENT = "general.alignment";
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int LARGEST_ALIGNMENT = 1 << 16;

    private final MappedFile file;
    private final long dataStart;
    private final Map<String, Object> metadata;
    private final Map<String, GgufTensors.Entry> tensors;

    private GgufFile(
            MappedFile file, long dataStart, Map<String, Object> metadata, Map<String, GgufTensors.Entry> tensors) {
        this.file = file;
        this.dataStart = dataStart;
        this.metadata = Collections.unmodifiableMap(metadata);
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Opens a file and checks its header: counts and lengths fit the file, and every tensor lies in it.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the file's name and the fault
     */
    public static GgufFile open(Path path) {
        return open(path, true);
    }

    /**
     * Opens a file that may end where the tensors' data begin: their names and shapes are there, their data may not be.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the file's name and the fault
     */
    public static GgufFile openHead(Path path) {
        return open(path, false);
    }

    private static GgufFile open(Path path, boolean whole) {
        MappedFile file = MappedFile.open(path);
        try {
            return open(file, whole);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static GgufFile open(MappedFile file, boolean whole) {
        ByteBuffer header = file.slice(0, Math.min(file.size(), LARGEST_HEADER));
        GgufCursor cursor = new GgufCursor(file.name(), header);
        if (header.remaining() < 8 || cursor.int32() != MAGIC) {
            throw cursor.fault("not a GGUF file");
        }
        int version = cursor.int32();
        if (version != 2 && version != 3) {
            throw cursor.fault("GGUF version " + Integer.toUnsignedString(version)
                    + ((version & 0xFFFF) == 0 ? " (big-endian)" : "") + " is not read; read are 2 and 3");
        }
        GgufTensors table = new GgufTensors(cursor);
        GgufMetadata values = new GgufMetadata(cursor);
        int tensorCount = table.count();
        Map<String, Object> metadata = values.read(values.count());
        Map<String, GgufTensors.Entry> tensors = table.read(tensorCount);
        int alignment = alignment(cursor, metadata.get(ALIGNMENT));
        long dataStart = (cursor.position() + (long) alignment - 1) / alignment * alignment;
        if (whole) {
            table.checkPlaces(tensors, alignment, Math.max(0, file.size() - dataStart));
        }
        return new GgufFile(file, dataStart, metadata, tensors);
    }

    private static int alignment(GgufCursor cursor, @Nullable Object value) {
        if (value == null) {
            return DEFAULT_ALIGNMENT;
        }
        if (value instanceof Long alignment
                && alignment > 0
                && alignment <= LARGEST_ALIGNMENT
                && Long.bitCount(alignment) == 1) {
            return alignment.intValue();
        }
        throw cursor.fault(ALIGNMENT + " is not a power of two up to " + LARGEST_ALIGNMENT);
    }

    /** The file's name without its folder. */
    public String fileName() {
        return file.name();
    }

    /** Bytes before the tensors' data. */
    public long headLength() {
        return dataStart;
    }

    /**
     * The metadata in the order of the file. Whole numbers of all widths are {@link Long}, floats {@link Double}, the
     * rest {@link Boolean} and {@link String}. Arrays are {@code int[]} (of INT8, UINT8, INT16, UINT16, INT32),
     * {@code long[]} (of UINT32, INT64, UINT64), {@code float[]}, {@code double[]}, {@code boolean[]}, or a
     * {@link java.util.List} of strings or of arrays.
     */
    public Map<String, Object> metadata() {
        return metadata;
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Optional<TensorView> find(String name) {
        return Optional.ofNullable(tensors.get(name)).map(this::view);
    }

    /** A tensor's shape, outermost dimension first, which is known without its data. */
    public Optional<List<Long>> shape(String name) {
        return Optional.ofNullable(tensors.get(name)).map(GgufTensors.Entry::shape);
    }

    private TensorView view(GgufTensors.Entry entry) {
        long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
        ByteBuffer bytes = file.slice(dataStart + entry.offset(), entry.size());
        return TensorView.of(entry.name(), entry.type(), shape, bytes);
    }

    @Override
    public void close() {
        file.close();
    }
}
