package org.llmfactory.policies.limit;

import java.util.Map;

/** What a request took from its limits. */
public interface Permit {
    /** The {@code x-ratelimit-…} headers; none where nothing limits. */
    Map<String, String> headers();

    /** Gives back tokens that were not used, at most as many as were taken. */
    void giveBackTokens(long tokens);

    /** As if the request had never come. */
    void giveBackAll();
}
