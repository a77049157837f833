package org.llmfactory.datasets;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** One array of objects, read an element at a time. Where the JSON itself is broken, nothing after it can be read. */
final class JsonArray implements RowSource {
    private static final ObjectReader ELEMENTS =
            JsonRows.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Budget budget;
    private final JsonParser parser;
    private final JsonRows rows = new JsonRows();
    private boolean begun;
    private int line = 1;

    JsonArray(InputStream in, int rowBytes) throws IOException {
        this.budget = new Budget(in, rowBytes);
        this.parser = JsonRows.MAPPER.createParser(budget);
    }

    @Override
    public @Nullable Row next() throws IOException, BadRow {
        JsonNode element;
        try {
            budget.renew();
            if (!begun) {
                begun = true;
                parser.nextToken();
            }
            JsonToken token = parser.nextToken();
            line = parser.currentTokenLocation().getLineNr();
            if (token == JsonToken.END_ARRAY) {
                if (parser.nextToken() != null) {
                    throw new RowProblem(line, "there is more behind the end of the array").toFailure();
                }
                return null;
            }
            if (token == null) {
                return null;
            }
            element = ELEMENTS.readTree(parser);
        } catch (JsonProcessingException e) {
            int place = e.getLocation() == null ? line : e.getLocation().getLineNr();
            throw new RowProblem(place, JsonRows.reason(e) + "; nothing behind it can be read").toFailure();
        } catch (RowTooLong e) {
            throw new RowProblem(line, "the row is longer than " + budget.maximum + " bytes").toFailure();
        }
        return rows.row(line, element);
    }

    @Override
    public int line() {
        return line;
    }

    @Override
    public Format format() {
        return rows.format();
    }

    @Override
    public void close() throws IOException {
        parser.close();
        budget.close();
    }

    private static final class RowTooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Bounds what is read for one element. The parser reads ahead by its buffer, so the bound is that much wider. */
    private static final class Budget extends FilterInputStream {
        private static final int READ_AHEAD = 1 << 14;
        private final int maximum;
        private long left;

        Budget(InputStream in, int maximum) {
            super(in);
            this.maximum = maximum;
            renew();
        }

        void renew() {
            left = (long) maximum + READ_AHEAD;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                throw new RowTooLong();
            }
            int read = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }
    }
}
