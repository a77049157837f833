package org.llmfactory.models.tensor;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.internal.MappedFile;

/** One safetensors file. */
public final class SafetensorsFile implements TensorSource {
    private static final int LARGEST_HEADER = 32 << 20;

    private final MappedFile file;
    private final long dataStart;
    private final Map<String, SafetensorsHeader.Entry> entries;

    private SafetensorsFile(MappedFile file, long dataStart, Map<String, SafetensorsHeader.Entry> entries) {
        this.file = file;
        this.dataStart = dataStart;
        this.entries = Collections.unmodifiableMap(entries);
    }

    /**
     * Opens a file and checks its header: every tensor's bytes fit its type and shape, and together they fill the file
     * without gap or overlap.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the file's name and the fault
     */
    public static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return open(file);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static SafetensorsFile open(MappedFile file) {
        if (file.size() < 8) {
            throw Faults.invalid(file.name(), "too short for a safetensors file");
        }
        long headerSize = file.slice(0, 8).getLong();
        if (headerSize < 2 || headerSize > LARGEST_HEADER || headerSize > file.size() - 8) {
            throw Faults.invalid(
                    file.name(),
                    "a header of " + Long.toUnsignedString(headerSize) + " bytes in a file of " + file.size());
        }
        ByteBuffer header = file.slice(8, headerSize);
        byte[] json = new byte[header.remaining()];
        header.get(json);
        long dataStart = 8 + headerSize;
        return new SafetensorsFile(
                file, dataStart, new SafetensorsHeader(file.name(), file.size() - dataStart).parse(json));
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public Optional<TensorView> find(String name) {
        return Optional.ofNullable(entries.get(name)).map(this::view);
    }

    private TensorView view(SafetensorsHeader.Entry entry) {
        long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
        ByteBuffer bytes = file.slice(dataStart + entry.begin(), entry.end() - entry.begin());
        return TensorView.of(entry.name(), entry.type(), shape, bytes);
    }

    @Override
    public void close() {
        file.close();
    }
}
