package org.llmfactory.ledger.chain;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.UsageEntry;

/**
 * Writes an entry down, always the same way: JSON on one line without spaces, names in alphabetical order, absent values
 * left out, everything beyond ASCII escaped. So it is the same in every database.
 */
public final class EntryText {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private EntryText() {}

    /**
     * Details as they stand in the entry.
     *
     * @throws IllegalArgumentException for values that JSON does not have
     */
    public static String details(Map<String, Object> details) {
        try {
            return MAPPER.writeValueAsString(details);
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException("details that are no JSON", failure);
        }
    }

    /**
     * The text of an entry.
     *
     * @param details as {@link #details} gives them
     * @param transcript the salted digest of what was said
     */
    public static String write(
            ChainEntry.Link link,
            AuditEvent event,
            String details,
            Optional<UsageEntry> usage,
            Optional<String> transcript) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = MAPPER.createGenerator(text)) {
            json.writeStartObject();
            write(json, event.actor());
            json.writeNumberField("at", link.at());
            json.writeStringField("chain", link.chain());
            json.writeFieldName("details");
            json.writeRawValue(details);
            json.writeStringField("id", link.id());
            writeOptional(json, "project", event.project());
            writeOptional(json, "resource", event.resource());
            json.writeNumberField("sequence", link.sequence());
            writeOptional(json, "transcript", transcript);
            json.writeStringField("type", event.type());
            if (usage.isPresent()) {
                write(json, usage.get());
            }
            json.writeEndObject();
        } catch (IOException failure) {
            throw new IllegalStateException("writing to memory", failure);
        }
        return text.toString();
    }

    /** Reads an entry's text; null for one that is none. */
    public static @Nullable JsonNode read(String text) {
        try {
            JsonNode entry = MAPPER.readTree(text);
            return entry.isObject() ? entry : null;
        } catch (JsonProcessingException failure) {
            return null;
        }
    }

    private static void write(JsonGenerator json, Actor actor) throws IOException {
        json.writeObjectFieldStart("actor");
        json.writeStringField("address", actor.address());
        writeOptional(json, "api_key", actor.apiKey());
        json.writeStringField("id", actor.id());
        json.writeStringField("kind", EntryFields.kind(actor.kind()));
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, UsageEntry usage) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeStringField("adapters", usage.adapters());
        writeOptional(json, "api_key", usage.apiKey());
        json.writeNumberField("cached_tokens", usage.usage().cachedTokens());
        json.writeStringField("endpoint", usage.endpoint());
        json.writeNumberField("input_tokens", usage.usage().inputTokens());
        json.writeStringField("model", usage.model());
        json.writeNumberField("output_tokens", usage.usage().outputTokens());
        json.writeStringField("principal", usage.principal());
        json.writeStringField("project", usage.project());
        json.writeNumberField("seconds", usage.usage().seconds());
        json.writeEndObject();
    }

    private static void writeOptional(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }
}
