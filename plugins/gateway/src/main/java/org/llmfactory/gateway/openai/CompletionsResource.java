package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.GenerationOptions;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.ErrorBody;
import org.llmfactory.rest.ServerSentEvents;

/** Continues texts. Whether the answer is streamed is said by the body, never by the Accept header. */
@Path("completions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, ServerSentEvents.MEDIA_TYPE})
public final class CompletionsResource {
    private final ModelResolver models;
    private final TextGeneration generations;

    public CompletionsResource(ModelResolver models, TextGeneration generations) {
        this.models = models;
        this.generations = generations;
    }

    @POST
    public Response create(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        CompletionRequest request = CompletionRequestParser.parse(body);
        CommonRequest common = request.common();
        ResolvedModel model = common.resolve(models);
        ResponseFacts facts = Responses.facts("cmpl-", model, common.includeUsage());
        Generation generation = generations.start(
                Callers.of(security), facts.id(), model, encode(request, model), request.bestOf(), options(request));
        CompletionMapper mapper = new CompletionMapper(request, facts);
        if (common.stream()) {
            EventStream stream =
                    new EventStream(generation, new CompletionWriter(mapper, facts, generation), ErrorBody::eventOf);
            return Responses.of(stream.response(), model);
        }
        try (generation) {
            List<TextCompletion.Choice> choices = mapper.choices(generation.complete());
            TextCompletion completion = TextCompletion.of(facts, choices, generation.usage());
            return Responses.of(Response.ok(completion, MediaType.APPLICATION_JSON_TYPE), model);
        }
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
