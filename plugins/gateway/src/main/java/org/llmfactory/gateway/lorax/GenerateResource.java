package org.llmfactory.gateway.lorax;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.ServerSentEvents;

/** LoRAX's own interface, with exact sums of adapters in place of its approximate merges. */
@Path("")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, ServerSentEvents.MEDIA_TYPE})
public final class GenerateResource {
    private final ModelResolver models;
    private final TextGeneration generations;

    public GenerateResource(ModelResolver models, TextGeneration generations) {
        this.models = models;
        this.generations = generations;
    }

    @POST
    @Path("generate")
    public Response generate(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        return answer(LoraxRequestParser.parse(body, Optional.of(false)), Callers.of(security), false);
    }

    @POST
    @Path("generate_stream")
    public Response generateStream(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        return answer(LoraxRequestParser.parse(body, Optional.of(true)), Callers.of(security), false);
    }

    /** The older form, which answers with an array of one. */
    @POST
    public Response generateCompatibly(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        return answer(LoraxRequestParser.parse(body, Optional.empty()), Callers.of(security), true);
    }

    private Response answer(LoraxRequest request, Caller caller, boolean asArray) throws InterruptedException {
        long started = System.nanoTime();
        ResolvedModel model = request.resolve(models);
        int[] prompt = encode(request, model.codec());
        String id = "gen-" + UUID.randomUUID();
        Generation generation =
                generations.start(caller, id, model, List.of(prompt), request.bestOf(), request.options());
        LoraxMapper mapper = new LoraxMapper(request, model.codec());
        if (request.stream()) {
            int limit = generation.plan().maxTokens(prompt.length);
            LoraxWriter writer = new LoraxWriter(mapper, request.details(), prompt.length, limit);
            Response.ResponseBuilder response = new EventStream(generation, writer, LoraxError::of).response();
            LoraxHeaders.model(request, model).forEach(response::header);
            return response.build();
        }
        try (generation) {
            List<GeneratedText> texts = generation.complete();
            TokenUsage usage = generation.usage();
            LoraxResponse answer = mapper.response(texts, usage);
            Response.ResponseBuilder response =
                    Response.ok(asArray ? List.of(answer) : answer, MediaType.APPLICATION_JSON_TYPE);
            LoraxHeaders.model(request, model).forEach(response::header);
            Map<String, String> cost = LoraxHeaders.cost(usage, Duration.ofNanos(System.nanoTime() - started));
            cost.forEach(response::header);
            return response.build();
        }
    }

    private static int[] encode(LoraxRequest request, TextCodec codec) {
        int[] prompt = codec.encode(text(request, codec), !request.chatTemplate());
        int keep = request.truncate().orElse(prompt.length);
        return prompt.length <= keep ? prompt : Arrays.copyOfRange(prompt, prompt.length - keep, prompt.length);
    }

    private static String text(LoraxRequest request, TextCodec codec) {
        if (!request.chatTemplate()) {
            return request.inputs();
        }
        return codec.render(ChatPrompt.of(List.of(Map.of("role", "user", "content", request.inputs()))));
    }
}
