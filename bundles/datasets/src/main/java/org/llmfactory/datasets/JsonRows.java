package org.llmfactory.datasets;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Makes rows of JSON objects. All objects of a file are of one format, told by the fields of the first. */
final class JsonRows {
    static final int NESTING = 100;

    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING)
                            .maxNumberLength(100)
                            .maxNameLength(4096)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private @Nullable Format format;

    Format format() {
        return format == null ? Format.CHAT : format;
    }

    Row row(int line, @Nullable JsonNode node) throws BadRow {
        if (!(node instanceof ObjectNode object)) {
            throw new BadRow("a row is a JSON object");
        }
        Format found = formatOf(object);
        if (format == null) {
            format = found;
        } else if (format != found) {
            throw new BadRow("it is of the format " + found.label() + ", but the rows before are of " + format.label());
        }
        return switch (found) {
            case CHAT -> ChatRows.conversation(line, object);
            case PREFERENCE -> ChatRows.preference(line, object);
            case INSTRUCTION -> InstructionRows.row(line, object);
            case SHAREGPT -> ShareGptRows.row(line, object);
            case TEXT_ROWS, TEXT, MARKDOWN, HTML, PDF, DOCX -> text(line, object);
        };
    }

    private static Format formatOf(ObjectNode object) throws BadRow {
        if (object.has("preferred_output") || object.has("preferred_completion")) {
            return Format.PREFERENCE;
        }
        if (object.has("messages")) {
            return Format.CHAT;
        }
        if (object.has("conversations")) {
            return Format.SHAREGPT;
        }
        if (object.has("instruction")) {
            return Format.INSTRUCTION;
        }
        if (object.has("text")) {
            return Format.TEXT_ROWS;
        }
        throw new BadRow("it has none of the fields messages, preferred_output, instruction, conversations and text");
    }

    private static Row text(int line, ObjectNode object) throws BadRow {
        String text = Fields.string(object, "text");
        if (text.isBlank()) {
            throw new BadRow("the text is empty");
        }
        return new Row.Text(line, text);
    }

    static String reason(JsonProcessingException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StreamConstraintsException) {
                return "it goes over a limit of JSON (nesting of " + NESTING
                        + ", numbers of 100 digits, names of 4096 characters)";
            }
        }
        return failure.getOriginalMessage().startsWith("Duplicate field")
                ? "a field is there twice"
                : "it is not valid JSON";
    }
}
