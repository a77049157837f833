package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.llmfactory.rest.Json;

/** What stands in the cells of this plugin's tables. */
public final class Cells {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Cells() {}

    /** A new id: the prefix and 24 random hexadecimal digits. */
    public static String id(String prefix) {
        byte[] random = new byte[12];
        RANDOM.nextBytes(random);
        return prefix + HexFormat.of().formatHex(random);
    }

    /** JSON as text. */
    public static String text(JsonNode json) {
        return new String(Json.write(json), StandardCharsets.UTF_8);
    }

    /** Text as JSON of a kind. */
    public static <T extends JsonNode> T read(String text, Class<T> type) {
        try {
            return type.cast(Json.MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row of the table is damaged", e);
        }
    }
}
