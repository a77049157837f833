package org.llmfactory.launcher.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.load.TokenStream.Answer;

/**
 * Requests for completions of random token ids, each one new, so that no prefix is ever found in a cache. Every answer has
 * its full length. The same in each run.
 */
final class RandomPrompts {
    private static final String COMPLETIONS = "/v1/completions";
    /** Ids below this are ordinary text in every vocabulary we serve, above the special ones. */
    private static final int LOWEST_ID = 1000;

    private static final int HIGHEST_ID = 30_000;

    private final TokenStream stream;
    private final int promptTokens;
    private final SplittableRandom random = new SplittableRandom(20260101);

    RandomPrompts(AgentClient client, int promptTokens) {
        this.stream = new TokenStream(client);
        this.promptTokens = promptTokens;
    }

    /**
     * Requests to be sent.
     *
     * @param tokens that each answer has
     * @param models the model of each, by its number from 0
     */
    List<Callable<Answer>> requests(int count, int tokens, IntFunction<String> models) {
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> request = request(models.apply(i), tokens);
            requests.add(() -> stream.run(COMPLETIONS, request, piece -> {}));
        }
        return requests;
    }

    private Map<String, Object> request(String model, int tokens) {
        return Map.of(
                "model",
                model,
                "prompt",
                random.ints(promptTokens, LOWEST_ID, HIGHEST_ID).toArray(),
                "max_tokens",
                tokens,
                "temperature",
                0,
                "ignore_eos",
                true);
    }
}
