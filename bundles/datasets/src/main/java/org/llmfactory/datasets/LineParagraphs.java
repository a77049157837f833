package org.llmfactory.datasets;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Plain text and Markdown: as they are, line by line. */
record LineParagraphs(Utf8Lines lines) implements Paragraphs {
    @Override
    public @Nullable String next() throws IOException, BadRow {
        return lines.next();
    }

    @Override
    public int line() {
        return lines.line();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
