package org.llmfactory.finetuning.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.llmfactory.rest.Json;

/** What stands in the cells of this plugin's tables. */
public final class Cells {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Cells() {}

    /**
     * A new id.
     *
     * @param bytes how many random ones are behind the prefix
     */
    public static String id(String prefix, int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return prefix + HexFormat.of().formatHex(random);
    }

    /** A value as JSON. */
    public static String text(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    /** The value that JSON stands for. */
    public static <T> T read(String text, Class<T> type) {
        try {
            return Json.MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row of the table is damaged", e);
        }
    }
}
