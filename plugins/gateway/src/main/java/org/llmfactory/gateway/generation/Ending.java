package org.llmfactory.gateway.generation;

import java.util.Optional;
import org.llmfactory.api.inference.GeneratedToken;

/**
 * How a sequence ended.
 *
 * @param reason why
 * @param stopToken the token that ended it, which has no part in the text
 * @param completionTokens tokens generated, that one included
 */
public record Ending(Reason reason, Optional<GeneratedToken> stopToken, int completionTokens) {
    /** Why a sequence ended. */
    public enum Reason {
        /** The model or a stop token ended it. */
        STOP_TOKEN,
        /** A stop text came up. */
        STOP_TEXT,
        /** The token limit was reached. */
        LENGTH,
        /** A content policy forbids to go on. */
        CONTENT_FILTER
    }

    /** OpenAI's {@code finish_reason}. */
    public String openAiName() {
        return switch (reason) {
            case STOP_TOKEN, STOP_TEXT -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
