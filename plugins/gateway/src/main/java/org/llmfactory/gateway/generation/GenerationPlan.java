package org.llmfactory.gateway.generation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;
import org.llmfactory.gateway.model.ResolvedModel;

/**
 * All sequences of one request.
 *
 * @param id the response's id
 * @param tenant whose request it is
 * @param model what answers
 * @param prompts token ids, at least one prompt
 * @param candidates answers to each prompt
 * @param options how to answer
 * @param deadline for the whole request
 */
public record GenerationPlan(
        String id,
        String tenant,
        ResolvedModel model,
        List<int[]> prompts,
        int candidates,
        GenerationOptions options,
        Duration deadline) {
    public GenerationPlan {
        prompts = List.copyOf(prompts);
        if (prompts.isEmpty() || candidates < 1) {
            throw new IllegalArgumentException("a plan has at least one sequence");
        }
    }

    /** How many sequences there are. */
    public int sequences() {
        return prompts.size() * candidates;
    }

    /** Tokens that end a sequence. */
    Set<Integer> stopTokens() {
        Set<Integer> tokens = new TreeSet<>(options.stop().tokens());
        if (!options.stop().ignoreEndOfText()) {
            tokens.addAll(model.codec().endOfGeneration());
        }
        return tokens;
    }

    /**
     * The engine's requests, in the order of the sequences.
     *
     * @throws FactoryException {@code CONTEXT_LENGTH_EXCEEDED}, or {@code INVALID_VALUE} for a token that the model does
     *     not have
     */
    List<GenerationRequest> requests() {
        checkLogitBias();
        List<GenerationRequest> requests = new ArrayList<>();
        StopConditions[] stops = prompts.stream().map(this::stopConditions).toArray(StopConditions[]::new);
        for (int sequence = 0; sequence < sequences(); sequence++) {
            int prompt = sequence / candidates;
            requests.add(new GenerationRequest(
                    id + "-" + sequence,
                    tenant,
                    prompts.get(prompt),
                    model.mix(),
                    sampling(sequence % candidates),
                    stops[prompt],
                    deadline,
                    options.promptLogprobs()));
        }
        return requests;
    }

    private StopConditions stopConditions(int[] prompt) {
        Set<Integer> tokens = stopTokens();
        boolean ignore = options.stop().ignoreEndOfText() && tokens.isEmpty();
        return new StopConditions(maxTokens(prompt.length), tokens, ignore);
    }

    /**
     * Tokens that an answer to a prompt of that length may have.
     *
     * @throws FactoryException {@code CONTEXT_LENGTH_EXCEEDED}
     */
    public int maxTokens(int promptTokens) {
        int context = model.base().contextLength();
        int wanted = options.maxTokens().orElse(0);
        if (promptTokens + (long) Math.max(wanted, options.maxTokens().isPresent() ? 0 : 1) > context) {
            String completion = options.maxTokens().isPresent() ? " and " + wanted + " for the completion" : "";
            throw new FactoryException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "This model's maximum context length is " + context + " tokens, but you requested " + promptTokens
                            + " in the prompt" + completion + ". Shorten the prompt or ask for fewer tokens.");
        }
        return options.maxTokens().orElse(context - promptTokens);
    }

    /** Tokens that all answers may have together. */
    long maxTokens() {
        return candidates
                * prompts.stream().mapToLong(prompt -> maxTokens(prompt.length)).sum();
    }

    /** With a seed, each candidate has one of its own, or all would be the same. */
    private SamplingParameters sampling(int candidate) {
        SamplingParameters same = options.sampling();
        if (candidate == 0 || same.seed().isEmpty()) {
            return same;
        }
        return new SamplingParameters(
                same.temperature(),
                same.topP(),
                same.topK(),
                same.minP(),
                same.repetitionPenalty(),
                same.frequencyPenalty(),
                same.presencePenalty(),
                same.logitBias(),
                OptionalLong.of(same.seed().getAsLong() + candidate),
                same.topLogprobs());
    }

    private void checkLogitBias() {
        int vocabulary = model.base().vocabularySize();
        for (Map.Entry<Integer, Float> bias : options.sampling().logitBias().entrySet()) {
            if (bias.getKey() >= vocabulary) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        "logit_bias",
                        "Invalid 'logit_bias': the model has no token " + bias.getKey() + "; its ids go from 0 to "
                                + (vocabulary - 1) + ".");
            }
        }
    }
}
