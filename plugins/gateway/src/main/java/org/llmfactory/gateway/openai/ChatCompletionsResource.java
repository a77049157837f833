package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.project.Preset;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.GenerationOptions;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.generation.TextInput;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.http.PresetDefaults;
import org.llmfactory.gateway.http.RequestIdHeader;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.ErrorBody;
import org.llmfactory.rest.Requires;
import org.llmfactory.rest.ServerSentEvents;

/** Answers conversations. Whether the answer is streamed is said by the body, never by the Accept header. */
@Path("chat/completions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, ServerSentEvents.MEDIA_TYPE})
public final class ChatCompletionsResource {
    private final ModelResolver models;
    private final TextGeneration generations;
    private final StoredChats chats;
    private final RequestLimits limits;

    public ChatCompletionsResource(
            ModelResolver models, TextGeneration generations, StoredChats chats, RequestLimits limits) {
        this.models = models;
        this.generations = generations;
        this.chats = chats;
        this.limits = limits;
    }

    @POST
    @Requires(Action.GENERATE)
    public Response create(
            ObjectNode body,
            @HeaderParam(RequestIdHeader.NAME) @Nullable String requestId,
            @Context SecurityContext security)
            throws InterruptedException {
        Client client = Client.of(security);
        ChatRequest written = ChatRequestParser.parse(body, limits);
        Optional<ChatKeeper> keeper =
                written.store() ? Optional.of(chats.keeper(client, written, requestId)) : Optional.empty();
        ResolvedModel model = written.common().resolve(client.caller(), models);
        ObjectNode completed = model.preset()
                .map(preset -> PresetDefaults.openAi(body, preset))
                .orElse(body);
        ChatRequest request = completed(written, completed, model);
        ResponseFacts facts =
                Responses.facts("chatcmpl-", model, request.common().includeUsage());
        Generation generation = generations.start(
                client,
                facts.id(),
                model,
                input(written, request, model),
                request.common().choices(),
                options(request.common()));
        ChatAnswer answer = new ChatAnswer(facts, request, completed, keeper);
        if (request.common().stream()) {
            ChunkWriter writer = new ChunkWriter(answer);
            return Responses.of(
                    new EventStream(generation, writer, ErrorBody::eventOf).response(), client.caller(), model);
        }
        try (generation) {
            List<GeneratedText> texts = generation.complete();
            ChatCompletion completion = answer.completion(texts, generation.settle());
            return Responses.of(generation.response(completion), client.caller(), model);
        }
    }

    /** What the preset says takes the place of what the request left out, and its system prompt goes in front. */
    private ChatRequest completed(ChatRequest written, ObjectNode completed, ResolvedModel model) {
        if (model.preset().isEmpty()) {
            return written;
        }
        ChatRequest filled = ChatRequestParser.parse(completed, limits);
        return model.preset().flatMap(Preset::system).map(filled::behind).orElse(filled);
    }

    private static TextInput input(ChatRequest written, ChatRequest request, ResolvedModel model) {
        int[] prompt = model.codec().encode(model.codec().render(request.prompt()), false);
        return new TextInput(List.of(prompt), written.texts());
    }

    private static GenerationOptions options(CommonRequest common) {
        return new GenerationOptions(common.sampling(), common.stop(), common.maxTokens(), false);
    }
}
