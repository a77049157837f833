package org.llmfactory.models.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads JSON that somebody else wrote: bounded in size and depth, no key twice, nothing after the end. */
public final class BoundedJson {
    private static final int DEEPEST = 32;
    private static final int LONGEST_TEXT = 1 << 20;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNumberLength(64)
                    .maxNameLength(4096)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BoundedJson() {}

    /** The parser settings, for reading a long document piece by piece. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** Reads the JSON object in a file of at most {@code maxBytes}. */
    public static JsonFields read(Path file, long maxBytes) {
        String name = String.valueOf(file.getFileName());
        try {
            long size = Files.size(file);
            if (size > maxBytes) {
                throw Faults.invalid(name, size + " bytes are more than the " + maxBytes + " such a file may have");
            }
            return parse(Files.readAllBytes(file), name);
        } catch (NoSuchFileException e) {
            throw Faults.invalid(name, "the file is missing", e);
        } catch (IOException e) {
            throw Faults.invalid(name, "the file cannot be read", e);
        }
    }

    /** Reads a JSON object. */
    public static JsonFields parse(byte[] json, String name) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node == null || !node.isObject()) {
                throw Faults.invalid(name, "not a JSON object");
            }
            return new JsonFields(name, node);
        } catch (JacksonException e) {
            throw Faults.invalid(name, "bad JSON: " + firstLine(e), e);
        } catch (IOException e) {
            throw Faults.invalid(name, "bad JSON", e);
        }
    }

    /** What the parser found, without its excerpt of the document. */
    public static String firstLine(JacksonException e) {
        String message =
                String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        return Faults.quote(message)
                + (e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr());
    }
}
