package org.llmfactory.ledger.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.chain.ChainKey;
import org.llmfactory.ledger.chain.EntryFields;
import org.llmfactory.ledger.chain.EntryText;

/** A line of the journal: the fields of a line of the export, and the sealed transcript where there is one. */
final class JournalLine {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .build();

    private JournalLine() {}

    /** Writes it, without its end. */
    static String write(Entered entered) {
        ChainEntry entry = entered.entry();
        StringWriter text = new StringWriter(1_024);
        try (JsonGenerator json = MAPPER.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("chain", entry.link().chain());
            json.writeNumberField("sequence", entry.link().sequence());
            json.writeStringField("id", entry.link().id());
            json.writeStringField("entry", entry.text());
            json.writeStringField("previous", entry.previous());
            json.writeStringField("hash", entry.hash());
            if (entered.transcript().isPresent()) {
                json.writeStringField("transcript", entered.transcript().get());
            }
            json.writeEndObject();
        } catch (IOException failure) {
            throw new IllegalStateException("writing to memory", failure);
        }
        return text.toString();
    }

    /**
     * Reads it.
     *
     * @return empty when it was not written with the key for this chain, or is damaged
     */
    static Optional<Entered> read(String line, ChainKey key, String chain) {
        try {
            JsonNode fields = MAPPER.readTree(line);
            String text = fields.path("entry").asText();
            JsonNode entry = EntryText.read(text);
            if (entry == null) {
                return Optional.empty();
            }
            ChainEntry read = new ChainEntry(
                    EntryFields.link(entry),
                    EntryFields.index(entry),
                    text,
                    fields.path("previous").asText(),
                    fields.path("hash").asText());
            return Optional.of(new Entered(read, EntryFields.usage(entry), EntryFields.text(fields, "transcript")))
                    .filter(entered ->
                            read.isAuthentic(key) && read.link().chain().equals(chain));
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        }
    }
}
