package org.llmfactory.models.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file of any size, read by mapping. A file under 2 GiB is mapped once, so that a thousand small files do not use up
 * the kernel's table of mappings; of a larger one each part is mapped when it is asked for.
 *
 * <p>Buffers stay valid after {@link #close}: the garbage collector ends a mapping. Safe for use by several threads.
 */
public final class MappedFile implements AutoCloseable {
    private final String name;
    private final long size;
    private final FileChannel channel;
    private final @Nullable ByteBuffer whole;

    private MappedFile(String name, long size, FileChannel channel, @Nullable ByteBuffer whole) {
        this.name = name;
        this.size = size;
        this.channel = channel;
        this.whole = whole;
    }

    public static MappedFile open(Path file) {
        String name = String.valueOf(file.getFileName());
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw Faults.invalid(name, "not a regular file");
        }
        try {
            return open(name, FileChannel.open(file, StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw Faults.invalid(name, "the file is missing", e);
        } catch (IOException e) {
            throw Faults.invalid(name, "the file cannot be read", e);
        }
    }

    private static MappedFile open(String name, FileChannel channel) throws IOException {
        try {
            long size = channel.size();
            ByteBuffer whole = size <= Integer.MAX_VALUE ? channel.map(MapMode.READ_ONLY, 0, size) : null;
            return new MappedFile(name, size, channel, whole);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    public String name() {
        return name;
    }

    public long size() {
        return size;
    }

    /** Part of the file, read-only, little-endian, positioned at 0. */
    public ByteBuffer slice(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw Faults.invalid(name, "bytes " + offset + " to " + (offset + length) + " lie outside the file");
        }
        if (length > Integer.MAX_VALUE) {
            throw Faults.invalid(name, "a tensor of " + length + " bytes is larger than the 2 GiB that are served");
        }
        try {
            ByteBuffer part = whole == null
                    ? channel.map(MapMode.READ_ONLY, offset, length)
                    : whole.slice((int) offset, (int) length);
            return part.order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw Faults.invalid(name, "the file cannot be mapped", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Faults.invalid(name, "the file cannot be closed", e);
        }
    }
}
