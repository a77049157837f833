package org.llmfactory.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads OpenAI's metadata: a few short strings that a client hangs on what is kept for it. */
public final class Metadata {
    /** Pairs at most. */
    public static final int MAXIMUM_PAIRS = 16;

    private static final int MAXIMUM_KEY = 64;
    private static final int MAXIMUM_VALUE = 512;

    private Metadata() {}

    /**
     * The pairs; none when there is no metadata.
     *
     * @param body with the field {@code metadata}
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_VALUE} and the like, with the place
     */
    public static Map<String, String> read(JsonFields body) {
        Optional<JsonFields> metadata = body.object("metadata");
        if (metadata.isEmpty()) {
            return Map.of();
        }
        JsonFields pairs = metadata.get();
        if (pairs.names().size() > MAXIMUM_PAIRS) {
            throw body.invalid(
                    "metadata",
                    "at most " + MAXIMUM_PAIRS + " pairs are kept, but there are "
                            + pairs.names().size());
        }
        Map<String, String> read = new LinkedHashMap<>();
        for (String key : pairs.names()) {
            if (key.length() > MAXIMUM_KEY) {
                throw body.invalid("metadata", "a key may have " + MAXIMUM_KEY + " characters");
            }
            String value = pairs.requiredString(key);
            if (value.length() > MAXIMUM_VALUE) {
                throw pairs.invalid(key, "a value may have " + MAXIMUM_VALUE + " characters");
            }
            read.put(key, value);
        }
        return read;
    }
}
