package org.llmfactory.gateway.lorax;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
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
import org.llmfactory.access.Action;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.project.Preset;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.generation.TextInput;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.http.PresetDefaults;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.http.RouteHeader;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.Requires;
import org.llmfactory.rest.ServerSentEvents;

/** LoRAX's own interface, with exact sums of adapters in place of its approximate merges. */
@Path("")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, ServerSentEvents.MEDIA_TYPE})
public final class GenerateResource {
    private final ModelResolver models;
    private final TextGeneration generations;
    private final RequestLimits limits;

    public GenerateResource(ModelResolver models, TextGeneration generations, RequestLimits limits) {
        this.models = models;
        this.generations = generations;
        this.limits = limits;
    }

    @POST
    @Path("generate")
    @Requires(Action.GENERATE)
    public Response generate(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        return answer(body, Optional.of(false), Client.of(security), false);
    }

    @POST
    @Path("generate_stream")
    @Requires(Action.GENERATE)
    public Response generateStream(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        return answer(body, Optional.of(true), Client.of(security), false);
    }

    /** The older form, which answers with an array of one. */
    @POST
    @Requires(Action.GENERATE)
    public Response generateCompatibly(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        return answer(body, Optional.empty(), Client.of(security), true);
    }

    private Response answer(ObjectNode body, Optional<Boolean> stream, Client client, boolean asArray)
            throws InterruptedException {
        long started = System.nanoTime();
        LoraxRequest written = LoraxRequestParser.parse(body, stream, limits);
        ResolvedModel model = written.resolve(client.caller(), models);
        LoraxRequest request = completed(written, body, stream, model);
        int[] prompt = encode(request, model);
        String id = "gen-" + UUID.randomUUID();
        TextInput input = new TextInput(List.of(prompt), List.of(request.inputs()));
        Generation generation = generations.start(client, id, model, input, request.bestOf(), request.options());
        LoraxMapper mapper = new LoraxMapper(request, model.codec());
        if (request.stream()) {
            int limit = generation.plan().maxTokens(prompt.length);
            LoraxWriter writer = new LoraxWriter(mapper, request.details(), prompt.length, limit);
            Response.ResponseBuilder response = new EventStream(generation, writer, LoraxError::of).response();
            LoraxHeaders.model(request, model).forEach(response::header);
            RouteHeader.of(client.caller(), model).forEach(response::header);
            return response.build();
        }
        try (generation) {
            List<GeneratedText> texts = generation.complete();
            TokenUsage usage = generation.settle();
            LoraxResponse answer = mapper.response(texts, usage);
            Response.ResponseBuilder response = generation.response(asArray ? List.of(answer) : answer);
            LoraxHeaders.model(request, model).forEach(response::header);
            RouteHeader.of(client.caller(), model).forEach(response::header);
            Map<String, String> cost = LoraxHeaders.cost(usage, Duration.ofNanos(System.nanoTime() - started));
            cost.forEach(response::header);
            return response.build();
        }
    }

    /** What the preset says takes the place of what the request left out. */
    private LoraxRequest completed(
            LoraxRequest written, ObjectNode body, Optional<Boolean> stream, ResolvedModel model) {
        if (model.preset().isEmpty()) {
            return written;
        }
        if (!written.chatTemplate()) {
            PresetDefaults.requireNoSystem(model.preset().get(), "parameters.adapter_id");
        }
        return LoraxRequestParser.parse(
                PresetDefaults.lorax(body, model.preset().get()), stream, limits);
    }

    private static int[] encode(LoraxRequest request, ResolvedModel model) {
        int[] prompt = model.codec().encode(text(request, model), !request.chatTemplate());
        int keep = request.truncate().orElse(prompt.length);
        return prompt.length <= keep ? prompt : Arrays.copyOfRange(prompt, prompt.length - keep, prompt.length);
    }

    private static String text(LoraxRequest request, ResolvedModel model) {
        if (!request.chatTemplate()) {
            return request.inputs();
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        model.preset()
                .flatMap(Preset::system)
                .ifPresent(system -> messages.add(Map.of("role", "system", "content", system)));
        messages.add(Map.of("role", "user", "content", request.inputs()));
        return model.codec().render(ChatPrompt.of(messages));
    }
}
