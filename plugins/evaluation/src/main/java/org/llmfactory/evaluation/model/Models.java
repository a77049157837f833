package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.llmfactory.api.completion.Completions;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.Json;

/**
 * Models as one caller may use them, in requests and answers of OpenAI's API. What is refused for the moment only, because
 * a limit is reached or no engine is there, is asked again for a while. Counts what it cost. For one thread.
 */
public final class Models {
    private static final int ATTEMPTS = 8;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Supplier<Completions> completions;
    private final Caller caller;
    private final int attempts;
    private final Costs costs = new Costs();

    /** @param completions as they are at the moment; may throw when they are away */
    public Models(Supplier<Completions> completions, Caller caller) {
        this(completions, caller, ATTEMPTS);
    }

    private Models(Supplier<Completions> completions, Caller caller, int attempts) {
        this.completions = completions;
        this.caller = caller;
        this.attempts = attempts;
    }

    /** The same, but asked once only. */
    public Models impatient() {
        return new Models(completions, caller, 1);
    }

    private interface Question {
        Map<String, Object> ask(Completions now, Caller caller, Map<String, Object> request)
                throws InterruptedException;
    }

    /**
     * Answers a conversation.
     *
     * @throws FactoryException when it is refused for good, or for too long
     */
    public JsonNode chat(ObjectNode request) throws InterruptedException {
        return ask(Completions::chat, request);
    }

    /**
     * Continues texts.
     *
     * @throws FactoryException as {@link #chat}
     */
    public JsonNode text(ObjectNode request) throws InterruptedException {
        return ask(Completions::text, request);
    }

    /** What was asked so far. */
    public Costs costs() {
        return costs;
    }

    private JsonNode ask(Question question, ObjectNode request) throws InterruptedException {
        Map<String, Object> body = Json.map(request);
        Duration wait = SHORTEST;
        for (int attempt = 1; ; attempt++) {
            try {
                JsonNode answer = Json.MAPPER.valueToTree(question.ask(completions.get(), caller, body));
                costs.add(answer);
                return answer;
            } catch (FactoryException failure) {
                if (attempt == attempts || !passes(failure)) {
                    throw failure;
                }
                Thread.sleep(shorter(failure.retryAfter().orElse(wait), LONGEST).toMillis());
                wait = shorter(wait.multipliedBy(2), LONGEST);
            }
        }
    }

    private static boolean passes(FactoryException failure) {
        return switch (failure.code()) {
            case RATE_LIMITED, TOKENS_LIMITED, OVERLOADED, UNAVAILABLE -> true;
            default -> false;
        };
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
