package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How likely a model finds texts that are given, which is how held-out loss and multiple choice are measured: nothing is
 * generated, the log probabilities of the given tokens are added up.
 *
 * @param logprob natural logarithm of the probability of the whole text, given what stands before it
 * @param tokens of the text
 */
public record Likelihood(double logprob, int tokens) {
    /** Mean negative log probability of a token, in nats. */
    public double loss() {
        return tokens == 0 ? 0 : -logprob / tokens;
    }

    /** What the scores of one item cost: OpenAI's {@code usage} of all requests for it. */
    public record Scores(List<Likelihood> likelihoods, JsonNode answer) {
        public Scores {
            likelihoods = List.copyOf(likelihoods);
        }
    }

    /**
     * Each of several continuations of a text, in one request. A token that begins in the text and ends in the
     * continuation counts as the continuation's.
     */
    public static Scores ofTexts(Models models, Target target, String text, List<String> continuations)
            throws InterruptedException {
        ObjectNode request = target.request();
        ArrayNode prompts = request.putArray("prompt");
        continuations.forEach(continuation -> prompts.add(text + continuation));
        request.put("echo", true).put("logprobs", 0).put("max_tokens", 0);
        JsonNode answer = models.text(request);
        List<Likelihood> scores = new ArrayList<>();
        for (JsonNode choice : answer.path("choices")) {
            scores.add(behind(text.length(), choice));
        }
        return new Scores(scores, answer);
    }

    private static Likelihood behind(int boundary, JsonNode choice) {
        JsonNode offsets = choice.path("logprobs").path("text_offset");
        JsonNode logprobs = choice.path("logprobs").path("token_logprobs");
        int length = choice.path("text").asText().length();
        double sum = 0;
        int tokens = 0;
        for (int i = 0; i < offsets.size(); i++) {
            int end = i + 1 < offsets.size() ? offsets.get(i + 1).asInt() : length;
            if (end > boundary && logprobs.get(i).isNumber()) {
                sum += logprobs.get(i).doubleValue();
                tokens++;
            }
        }
        return new Likelihood(sum, tokens);
    }

    /** The last message of a conversation, which is the assistant's. */
    public static Scores ofAnswer(Models models, Target target, ArrayNode messages) throws InterruptedException {
        ObjectNode request = target.request();
        request.set("messages", messages);
        request.put("echo", true).put("logprobs", true).put("max_tokens", 0);
        JsonNode answer = models.chat(request);
        double sum = 0;
        int tokens = 0;
        for (JsonNode token : answer.path("choices").path(0).path("logprobs").path("content")) {
            sum += token.path("logprob").doubleValue();
            tokens++;
        }
        return new Scores(List.of(new Likelihood(sum, tokens)), answer);
    }
}
