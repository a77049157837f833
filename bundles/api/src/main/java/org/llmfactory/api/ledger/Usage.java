package org.llmfactory.api.ledger;

/**
 * What a piece of work used.
 *
 * @param inputTokens tokens of the prompts, cached ones included
 * @param cachedTokens of these, found in the prefix cache
 * @param outputTokens tokens generated
 * @param seconds of audio; 0 for text
 */
public record Usage(long inputTokens, long cachedTokens, long outputTokens, double seconds) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    /** Text that was generated. */
    public static Usage ofTokens(long inputTokens, long cachedTokens, long outputTokens) {
        return new Usage(inputTokens, cachedTokens, outputTokens, 0);
    }

    /** Input and output together: what limits and budgets count. */
    public long tokens() {
        return inputTokens + outputTokens;
    }
}
