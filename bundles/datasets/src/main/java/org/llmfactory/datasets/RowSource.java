package org.llmfactory.datasets;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows of one file, one after the other. */
interface RowSource extends Closeable {
    /**
     * The next row; null at the end.
     *
     * @throws BadRow for a row that cannot be used, whose line is {@link #line}; one may go on
     * @throws org.llmfactory.api.error.FactoryException when the rest cannot be read either
     */
    @Nullable
    Row next() throws IOException, BadRow;

    /** Where the row begins that was read last or could not be. */
    int line();

    /** Of the rows read so far; of the file where it has one. */
    Format format();
}
