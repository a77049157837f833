package org.llmfactory.datasets;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The text of a document, a paragraph or a line at a time. */
interface Paragraphs extends Closeable {
    /**
     * The next paragraph; null at the end.
     *
     * @throws BadRow for one that cannot be used; one may go on
     */
    @Nullable
    String next() throws IOException, BadRow;

    /** Where the last one began, see {@link Row#line()}. */
    int line();
}
