package org.llmfactory.gateway.generation;

import java.util.Objects;
import org.llmfactory.api.inference.GeneratedToken;

/**
 * A token and the text it added.
 *
 * @param token as the engine told it
 * @param offset characters of the answer before it
 * @param text what the answer grew by; empty while a character is incomplete
 */
public record TextToken(GeneratedToken token, int offset, String text) {
    public TextToken {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(text, "text");
    }
}
