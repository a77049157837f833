package org.llmfactory.files.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Content that is opened when it is read, so that many parts do not mean many open files. */
final class LazyStream extends InputStream {
    private final Supplier<InputStream> source;
    private @Nullable InputStream content;

    LazyStream(Supplier<InputStream> source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        return content().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return content().read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        if (content != null) {
            content.close();
        }
    }

    private InputStream content() {
        if (content == null) {
            content = source.get();
        }
        return content;
    }
}
