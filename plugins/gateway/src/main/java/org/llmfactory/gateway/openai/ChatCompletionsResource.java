package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.gateway.generation.Delta;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.GenerationOptions;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.ErrorBody;
import org.llmfactory.rest.ServerSentEvents;

/** Answers conversations. Whether the answer is streamed is said by the body, never by the Accept header. */
@Path("chat/completions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, ServerSentEvents.MEDIA_TYPE})
public final class ChatCompletionsResource {
    private final ModelResolver models;
    private final TextGeneration generations;

    public ChatCompletionsResource(ModelResolver models, TextGeneration generations) {
        this.models = models;
        this.generations = generations;
    }

    @POST
    public Response create(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        ChatRequest request = ChatRequestParser.parse(body);
        CommonRequest common = request.common();
        ResolvedModel model = common.resolve(models);
        int[] prompt = model.codec().encode(model.codec().render(request.prompt()), false);
        ResponseFacts facts = Responses.facts("chatcmpl-", model, common.includeUsage());
        GenerationOptions options = new GenerationOptions(common.sampling(), common.stop(), common.maxTokens(), false);
        Generation generation =
                generations.start(Callers.of(security), facts.id(), model, List.of(prompt), common.choices(), options);
        if (common.stream()) {
            ChunkWriter writer = new ChunkWriter(facts, common.choices(), request.logprobs());
            return Responses.of(new EventStream(generation, writer, ErrorBody::eventOf).response(), model);
        }
        try (generation) {
            List<GeneratedText> texts = generation.complete();
            ChatCompletion completion = ChatCompletion.of(facts, texts, request.logprobs(), generation.usage());
            return Responses.of(Response.ok(completion, MediaType.APPLICATION_JSON_TYPE), model);
        }
    }

    /** Writes a chat completion chunk by chunk. */
    private record ChunkWriter(ResponseFacts facts, int choices, boolean logprobs) implements EventStream.Writer {
        @Override
        public void begin(ServerSentEvents events) throws IOException {
            for (int index = 0; index < choices; index++) {
                events.data(ChatChunk.opening(facts, index));
            }
        }

        @Override
        public void write(Delta delta, ServerSentEvents events) throws IOException {
            if (!delta.text().isEmpty() || (logprobs && !delta.tokens().isEmpty())) {
                events.data(ChatChunk.text(facts, delta.sequence(), delta.text(), delta.tokens(), logprobs));
            }
            if (delta.ending().isPresent()) {
                events.data(ChatChunk.ending(
                        facts, delta.sequence(), delta.ending().get().openAiName()));
            }
        }

        @Override
        public void end(TokenUsage usage, ServerSentEvents events) throws IOException {
            if (facts.includeUsage()) {
                events.data(ChatChunk.usage(facts, usage));
            }
            events.done();
        }
    }
}
