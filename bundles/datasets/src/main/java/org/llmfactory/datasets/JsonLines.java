package org.llmfactory.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An object on each line; blank lines are passed over. */
final class JsonLines implements RowSource {
    private final Utf8Lines lines;
    private final JsonRows rows = new JsonRows();

    JsonLines(Utf8Lines lines) {
        this.lines = lines;
    }

    @Override
    public @Nullable Row next() throws IOException, BadRow {
        String line = lines.next();
        while (line != null && line.isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        try {
            return rows.row(lines.line(), JsonRows.MAPPER.readTree(line));
        } catch (JsonProcessingException e) {
            throw new BadRow(JsonRows.reason(e));
        }
    }

    @Override
    public int line() {
        return lines.line();
    }

    @Override
    public Format format() {
        return rows.format();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
