package org.llmfactory.datasets;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Running text in rows of about sixteen thousand characters, cut between paragraphs where there are any, else between
 * lines; a line that is longer is a row of its own.
 */
final class TextRows implements RowSource {
    private static final int ENOUGH = 16_000;
    private static final int TOO_MUCH = 32_000;

    private final Format format;
    private final Paragraphs paragraphs;
    private final StringBuilder text = new StringBuilder();
    private @Nullable String ahead;
    private int line;
    private int aheadLine;

    TextRows(Format format, Paragraphs paragraphs) {
        this.format = format;
        this.paragraphs = paragraphs;
    }

    @Override
    public @Nullable Row next() throws IOException, BadRow {
        text.setLength(0);
        for (String next = take(); next != null; next = take()) {
            if (text.isEmpty()) {
                if (next.isBlank()) {
                    continue;
                }
                line = aheadLine;
            } else if (isFull(next)) {
                ahead = next;
                break;
            }
            text.append(next).append('\n');
        }
        String row = text.toString().stripTrailing();
        return row.isEmpty() ? null : new Row.Text(line, row);
    }

    private boolean isFull(String next) {
        return (text.length() >= ENOUGH && next.isBlank()) || text.length() + next.length() > TOO_MUCH;
    }

    private @Nullable String take() throws IOException, BadRow {
        String next = ahead;
        if (next != null) {
            ahead = null;
            return next;
        }
        try {
            next = paragraphs.next();
            aheadLine = paragraphs.line();
            return next;
        } catch (BadRow bad) {
            line = paragraphs.line();
            throw bad;
        }
    }

    @Override
    public int line() {
        return line;
    }

    @Override
    public Format format() {
        return format;
    }

    @Override
    public void close() throws IOException {
        paragraphs.close();
    }
}
