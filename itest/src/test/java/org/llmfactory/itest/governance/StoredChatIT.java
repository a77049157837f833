package org.llmfactory.itest.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionListParams;
import com.openai.models.chat.completions.ChatCompletionStoreMessage;
import com.openai.models.chat.completions.ChatCompletionUpdateParams;
import com.openai.services.blocking.chat.ChatCompletionService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.itest.agent.SharedAgent;

/** The official Java client keeps conversations. It validates every answer against OpenAI's types. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class StoredChatIT {
    private final Platform platform;
    private final ChatCompletionService chats;

    StoredChatIT(Platform platform) throws Exception {
        this.platform = platform;
        this.chats = platform.sdk(
                        platform.serviceAccount(platform.project("history")).value())
                .chat()
                .completions();
    }

    @Test
    void aStoredChatIsListedRetrievedUpdatedAndDeleted() {
        ChatCompletion created = chats.create(chat().store(true).build());
        String id = created.id();
        assertThat(chats.list().data()).extracting(ChatCompletion::id).containsExactly(id);
        assertThat(chats.retrieve(id).choices()).isEqualTo(created.choices());
        assertThat(chats.retrieve(id).usage()).isEqualTo(created.usage());

        chats.update(id, update("topic", "weather"));
        assertThat(chats.list(withMetadata("topic", "weather")).data())
                .extracting(ChatCompletion::id)
                .containsExactly(id);
        assertThat(chats.list(withMetadata("topic", "sports")).data()).isEmpty();

        assertThat(chats.delete(id).deleted()).isTrue();
        assertThat(chats.list().data()).isEmpty();
        assertThatThrownBy(() -> chats.retrieve(id)).isInstanceOf(NotFoundException.class);
    }

    /** Not validated: the client's type says that they are all of the assistant, against OpenAI's own example. */
    @Test
    void theMessagesOfAStoredChatAreThoseThatWereSent() {
        String id = chats.create(chat().store(true).build()).id();

        List<ChatCompletionStoreMessage> messages = chats.withOptions(options -> options.responseValidation(false))
                .messages()
                .list(id)
                .data();

        assertThat(messages)
                .extracting(message -> message.content().orElseThrow())
                .containsExactly("You are terse.", "Say something.");
        assertThat(messages).extracting(ChatCompletionStoreMessage::id).containsExactly(id + "-0", id + "-1");
    }

    @Test
    void aStreamIsStoredToo() {
        StringBuilder streamed = new StringBuilder();
        String id;
        try (StreamResponse<ChatCompletionChunk> response =
                chats.createStreaming(chat().store(true).build())) {
            List<ChatCompletionChunk> chunks = response.stream().toList();
            id = chunks.get(0).id();
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(streamed::append);
        }

        assertThat(chats.retrieve(id).choices().get(0).message().content()).hasValue(streamed.toString());
    }

    @Test
    void whatWasNotToBeStoredIsNot() {
        String id = chats.create(chat().build()).id();

        assertThat(chats.list().data()).isEmpty();
        assertThatThrownBy(() -> chats.retrieve(id)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void anotherProjectDoesNotKnowOfIt() throws Exception {
        String id = chats.create(chat().store(true).build()).id();
        ChatCompletionService others = platform.sdk(
                        platform.serviceAccount(platform.project("other")).value())
                .chat()
                .completions();

        assertThat(others.list().data()).isEmpty();
        assertThatThrownBy(() -> others.retrieve(id)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> others.messages().list(id)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> others.update(id, update("a", "b"))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> others.delete(id)).isInstanceOf(NotFoundException.class);
        assertThat(chats.retrieve(id).id()).isEqualTo(id);
    }

    @Test
    void pagesFollowOneAnotherOldestFirst() {
        List<String> ids = List.of(
                chats.create(chat().store(true).build()).id(),
                chats.create(chat().store(true).build()).id(),
                chats.create(chat().store(true).build()).id());

        assertThat(chats.list(ChatCompletionListParams.builder().limit(2).build()).autoPager().stream()
                        .map(ChatCompletion::id))
                .containsExactlyElementsOf(ids);
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return ChatCompletionCreateParams.builder()
                .model(RunningAgent.MODEL)
                .addSystemMessage("You are terse.")
                .addUserMessage("Say something.")
                .maxCompletionTokens(8)
                .temperature(0);
    }

    private static ChatCompletionUpdateParams update(String name, String value) {
        return ChatCompletionUpdateParams.builder()
                .metadata(ChatCompletionUpdateParams.Metadata.builder()
                        .putAdditionalProperty(name, JsonValue.from(value))
                        .build())
                .build();
    }

    private static ChatCompletionListParams withMetadata(String name, String value) {
        return ChatCompletionListParams.builder()
                .metadata(ChatCompletionListParams.Metadata.builder()
                        .putAdditionalProperty(name, value)
                        .build())
                .build();
    }
}
