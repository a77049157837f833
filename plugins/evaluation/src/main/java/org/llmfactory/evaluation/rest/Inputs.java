package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

/** Reads what requests for evaluations and runs have in common. */
final class Inputs {
    private static final int MAXIMUM_NAME = 256;
    private static final int MAXIMUM_PAIRS = 16;
    private static final int MAXIMUM_KEY = 64;
    private static final int MAXIMUM_VALUE = 512;

    private Inputs() {}

    /** A name for people; empty when there is none. */
    static Optional<String> name(JsonFields fields) {
        return fields.string("name").filter(name -> !name.isBlank()).map(name -> {
            if (name.length() > MAXIMUM_NAME) {
                throw fields.invalid("name", "it may have " + MAXIMUM_NAME + " characters");
            }
            return name.strip();
        });
    }

    /** OpenAI's metadata; an empty object when there is none. */
    static ObjectNode metadata(JsonFields fields) {
        ObjectNode read = Json.MAPPER.createObjectNode();
        fields.object("metadata").ifPresent(pairs -> {
            if (pairs.names().size() > MAXIMUM_PAIRS) {
                throw fields.invalid("metadata", "at most " + MAXIMUM_PAIRS + " pairs are kept");
            }
            for (String key : pairs.names()) {
                String value = pairs.requiredString(key);
                if (key.length() > MAXIMUM_KEY || value.length() > MAXIMUM_VALUE) {
                    throw fields.invalid(
                            "metadata", "a key may have " + MAXIMUM_KEY + " characters and a value " + MAXIMUM_VALUE);
                }
                read.put(key, value);
            }
        });
        return read;
    }
}
