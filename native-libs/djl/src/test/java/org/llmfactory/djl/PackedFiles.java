package org.llmfactory.djl;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A class loader that has files in memory and counts how often it is asked for one. */
final class PackedFiles extends ClassLoader {
    final AtomicInteger reads = new AtomicInteger();
    private final Map<String, byte[]> files;

    PackedFiles(Map<String, byte[]> files) {
        super(null);
        this.files = files;
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        reads.incrementAndGet();
        byte[] content = files.get(name);
        return content == null ? null : new ByteArrayInputStream(content);
    }
}
