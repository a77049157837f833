package org.llmfactory.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Reads training data row by row, in bounded memory, whatever its format: told by the content first, by the name second.
 * Not for use by several threads.
 *
 * <p>All methods throw {@link FactoryException} {@code INVALID_FILE} for what cannot be read; the message names the line.
 */
public final class DatasetReader implements Iterator<Row>, AutoCloseable {
    private final RowSource source;
    private final Consumer<RowProblem> problems;
    private @Nullable Row ahead;
    private boolean empty = true;
    private boolean ended;

    private DatasetReader(RowSource source, Consumer<RowProblem> problems) {
        this.source = source;
        this.problems = problems;
    }

    /** Opens a file; the first row that cannot be used ends the reading. Closes the content with itself. */
    public static DatasetReader open(String filename, InputStream content) {
        return open(filename, content, Limits.DEFAULT, problem -> {
            throw problem.toFailure();
        });
    }

    /** Opens a file; rows that cannot be used are told of and left out. Closes the content with itself. */
    public static DatasetReader open(
            String filename, InputStream content, Limits limits, Consumer<RowProblem> problems) {
        try {
            return new DatasetReader(Detection.open(filename, content, limits), problems);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** What the file looks like, as far as it has been read. */
    public Format format() {
        return source.format();
    }

    @Override
    public boolean hasNext() {
        while (ahead == null && !ended) {
            advance();
        }
        return ahead != null;
    }

    @Override
    public Row next() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException();
        }
        Row row = ahead;
        ahead = null;
        return row;
    }

    @Override
    public void close() {
        try {
            source.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void advance() {
        try {
            ahead = source.next();
            if (ahead != null) {
                empty = false;
            } else {
                ended = true;
                if (empty) {
                    throw new FactoryException(ErrorCode.INVALID_FILE, "The file has no rows.");
                }
            }
        } catch (BadRow bad) {
            empty = false;
            problems.accept(new RowProblem(source.line(), bad.problem()));
        } catch (IOException e) {
            ended = true;
            throw unreadable(e);
        } catch (FactoryException e) {
            ended = true;
            throw e;
        }
    }

    private static FactoryException unreadable(IOException cause) {
        return new FactoryException(ErrorCode.INVALID_FILE, "The file cannot be read to its end.", cause);
    }
}
