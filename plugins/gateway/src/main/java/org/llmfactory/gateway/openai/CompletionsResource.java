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
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.GenerationOptions;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.generation.TextInput;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.http.PresetDefaults;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.ErrorBody;
import org.llmfactory.rest.Requires;
import org.llmfactory.rest.ServerSentEvents;

/** Continues texts. Whether the answer is streamed is said by the body, never by the Accept header. */
@Path("completions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, ServerSentEvents.MEDIA_TYPE})
public final class CompletionsResource {
    private final ModelResolver models;
    private final TextGeneration generations;
    private final RequestLimits limits;

    public CompletionsResource(ModelResolver models, TextGeneration generations, RequestLimits limits) {
        this.models = models;
        this.generations = generations;
        this.limits = limits;
    }

    @POST
    @Requires(Action.GENERATE)
    public Response create(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        Client client = Client.of(security);
        CompletionRequest written = CompletionRequestParser.parse(body, limits);
        ResolvedModel model = written.common().resolve(client.caller(), models);
        CompletionRequest request = completed(written, body, model);
        CommonRequest common = request.common();
        ResponseFacts facts = Responses.facts("cmpl-", model, common.includeUsage());
        Generation generation =
                generations.start(client, facts.id(), model, input(request, model), request.bestOf(), options(request));
        CompletionMapper mapper = new CompletionMapper(request, facts);
        if (common.stream()) {
            EventStream stream =
                    new EventStream(generation, new CompletionWriter(mapper, facts, generation), ErrorBody::eventOf);
            return Responses.of(stream.response(), client.caller(), model);
        }
        try (generation) {
            List<TextCompletion.Choice> choices = mapper.choices(generation.complete());
            TextCompletion completion = TextCompletion.of(facts, choices, generation.settle());
            return Responses.of(generation.response(completion), client.caller(), model);
        }
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
