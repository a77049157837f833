package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.project.Preset;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.GenerationOptions;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.generation.TextInput;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.http.PresetDefaults;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;

/** Begins answers to conversations, whichever way they came. */
final class ChatAnswers {
    private final ModelResolver models;
    private final TextGeneration generations;
    private final StoredChats chats;
    private final RequestLimits limits;

    ChatAnswers(ModelResolver models, TextGeneration generations, StoredChats chats, RequestLimits limits) {
        this.models = models;
        this.generations = generations;
        this.chats = chats;
        this.limits = limits;
    }

    /** One that has begun. Whoever has it closes it. */
    record Begun(Generation generation, ChatAnswer answer) implements AutoCloseable {
        boolean isStream() {
            return answer.request().common().stream();
        }

        ResolvedModel model() {
            return answer.facts().model();
        }

        /** Waits for all of it; settled and kept when this returns. */
        ChatCompletion complete() throws InterruptedException {
            List<GeneratedText> texts = generation.complete();
            return answer.completion(texts, generation.settle());
        }

        @Override
        public void close() {
            generation.close();
        }
    }

    /** @throws org.llmfactory.api.error.FactoryException when the request is refused */
    Begun begin(Client client, ObjectNode body, @Nullable String requestId) throws InterruptedException {
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
                options(request));
        return new Begun(generation, new ChatAnswer(facts, request, completed, keeper));
    }

    /** What the preset says takes the place of what the request left out, and its system prompt goes in front. */
    private ChatRequest completed(ChatRequest written, ObjectNode completed, ResolvedModel model) {
        if (model.preset().isEmpty()) {
            return written;
        }
        ChatRequest filled = ChatRequestParser.parse(completed, limits);
        return model.preset().flatMap(Preset::system).map(filled::behind).orElse(filled);
    }

    /** An answer that is echoed stands behind the prompt just as if it had been generated there. */
    private static TextInput input(ChatRequest written, ChatRequest request, ResolvedModel model) {
        int[] prompt = model.codec().encode(model.codec().render(request.prompt()), false);
        int[] echo = request.echoed(model.codec());
        int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(echo)).toArray();
        return new TextInput(List.of(all), written.texts());
    }

    private static GenerationOptions options(ChatRequest request) {
        CommonRequest common = request.common();
        boolean promptLogprobs = request.echo().isPresent() && request.logprobs();
        return new GenerationOptions(common.sampling(), common.stop(), common.maxTokens(), promptLogprobs);
    }
}
