package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.GenerationOptions;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.generation.TextInput;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.http.PresetDefaults;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;

/** Begins to continue texts, whichever way they came. */
final class TextAnswers {
    private final ModelResolver models;
    private final TextGeneration generations;
    private final RequestLimits limits;

    TextAnswers(ModelResolver models, TextGeneration generations, RequestLimits limits) {
        this.models = models;
        this.generations = generations;
        this.limits = limits;
    }

    /** One that has begun. Whoever has it closes it. */
    record Begun(Generation generation, ResponseFacts facts, CompletionRequest request) implements AutoCloseable {
        boolean isStream() {
            return request.common().stream();
        }

        CompletionMapper mapper() {
            return new CompletionMapper(request, facts);
        }

        /** Waits for all of it; settled when this returns. */
        TextCompletion complete() throws InterruptedException {
            List<TextCompletion.Choice> choices = mapper().choices(generation.complete());
            return TextCompletion.of(facts, choices, generation.settle());
        }

        @Override
        public void close() {
            generation.close();
        }
    }

    /** @throws FactoryException when the request is refused */
    Begun begin(Client client, ObjectNode body) throws InterruptedException {
        CompletionRequest written = CompletionRequestParser.parse(body, limits);
        ResolvedModel model = written.common().resolve(client.caller(), models);
        CompletionRequest request = completed(written, body, model);
        ResponseFacts facts = Responses.facts("cmpl-", model, request.common().includeUsage());
        Generation generation =
                generations.start(client, facts.id(), model, input(request, model), request.bestOf(), options(request));
        return new Begun(generation, facts, request);
    }

    /** What the preset says takes the place of what the request left out. */
    private CompletionRequest completed(CompletionRequest written, ObjectNode body, ResolvedModel model) {
        if (model.preset().isEmpty()) {
            return written;
        }
        PresetDefaults.requireNoSystem(model.preset().get(), "model");
        return CompletionRequestParser.parse(
                PresetDefaults.openAi(body, model.preset().get()), limits);
    }

    private static TextInput input(CompletionRequest request, ResolvedModel model) {
        List<String> texts = request.prompts().stream()
                .map(prompt -> prompt.text(model.codec()))
                .toList();
        return new TextInput(encode(request, model), texts);
    }

    private static List<int[]> encode(CompletionRequest request, ResolvedModel model) {
        List<int[]> prompts = new ArrayList<>();
        for (CompletionRequest.Prompt prompt : request.prompts()) {
            int[] ids = prompt.encode(model.codec());
            check(ids, model.base().vocabularySize());
            prompts.add(ids);
        }
        return prompts;
    }

    private static void check(int[] ids, int vocabulary) {
        if (ids.length == 0) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE, "prompt", "Invalid 'prompt': a prompt needs at least one token.");
        }
        for (int id : ids) {
            if (id >= vocabulary) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        "prompt",
                        "Invalid 'prompt': the model has no token " + id + "; its ids go from 0 to " + (vocabulary - 1)
                                + ".");
            }
        }
    }

    /** Choosing the best of several candidates takes their log probabilities, asked for or not. */
    private static GenerationOptions options(CompletionRequest request) {
        CommonRequest common = request.common();
        SamplingParameters sampling = common.sampling();
        if (request.bestOf() > common.choices() && sampling.topLogprobs() < 0) {
            sampling = new SamplingParameters(
                    sampling.temperature(),
                    sampling.topP(),
                    sampling.topK(),
                    sampling.minP(),
                    sampling.repetitionPenalty(),
                    sampling.frequencyPenalty(),
                    sampling.presencePenalty(),
                    sampling.logitBias(),
                    sampling.seed(),
                    0);
        }
        return new GenerationOptions(sampling, common.stop(), common.maxTokens(), request.echo() && request.logprobs());
    }
}
