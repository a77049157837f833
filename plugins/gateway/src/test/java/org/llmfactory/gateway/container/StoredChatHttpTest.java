package org.llmfactory.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionDeleteParams;
import com.openai.models.chat.completions.ChatCompletionListPage;
import com.openai.models.chat.completions.ChatCompletionListParams;
import com.openai.models.chat.completions.ChatCompletionRetrieveParams;
import com.openai.models.chat.completions.ChatCompletionUpdateParams;
import com.openai.models.chat.completions.messages.MessageListPage;
import com.openai.models.chat.completions.messages.MessageListParams;
import com.openai.models.models.ModelListPage;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.llmfactory.api.chat.ChatStore;

/** The chat history over HTTP, with OpenAI's Java client where it has a say. */
final class StoredChatHttpTest {
    @RegisterExtension
    static final TestGateway GATEWAY = new TestGateway();

    private final String topic = UUID.randomUUID().toString();

    @Test
    void clientOfOpenAiListsReadsChangesAndDeletes() throws Exception {
        String first = keep("alice");
        String second = keep("alice");
        OpenAIClient client = client("alice");
        ChatCompletionListParams mine = ChatCompletionListParams.builder()
                .metadata(ChatCompletionListParams.Metadata.builder()
                        .putAdditionalProperty("topic", topic)
                        .build())
                .limit(1)
                .build();

        ChatCompletionListPage page = client.chat().completions().list(mine);
        page.response().validate();
        assertThat(page.items()).extracting(ChatCompletion::id).containsExactly(first);
        assertThat(page.autoPager().stream().map(ChatCompletion::id)).containsExactly(first, second);

        ChatCompletion read = client.chat()
                .completions()
                .retrieve(ChatCompletionRetrieveParams.builder()
                        .completionId(first)
                        .build())
                .validate();
        assertThat(read.choices().get(0).message().content()).contains("Hello");
        assertThat(read.usage().orElseThrow().completionTokens()).isEqualTo(6);

        client.chat()
                .completions()
                .update(ChatCompletionUpdateParams.builder()
                        .completionId(first)
                        .metadata(ChatCompletionUpdateParams.Metadata.builder()
                                .putAdditionalProperty("topic", JsonValue.from("other"))
                                .build())
                        .build())
                .validate();
        assertThat(GATEWAY.json(GATEWAY.get("alice", "/v1/chat/completions/" + first))
                        .at("/metadata/topic")
                        .asText())
                .isEqualTo("other");

        assertThat(client.chat()
                        .completions()
                        .delete(ChatCompletionDeleteParams.builder()
                                .completionId(first)
                                .build())
                        .validate()
                        .deleted())
                .isTrue();
        assertThat(GATEWAY.get("alice", "/v1/chat/completions/" + first).statusCode())
                .isEqualTo(404);
        assertThat(GATEWAY.ledger().events())
                .anyMatch(event -> event.type().equals("resource.deleted")
                        && event.resource().orElse("").equals(first));
        client.close();
    }

    @Test
    void clientOfOpenAiListsMessages() throws Exception {
        String id = keep("alice");
        OpenAIClient client = client("alice");

        MessageListPage messages = client.chat()
                .completions()
                .messages()
                .list(MessageListParams.builder().completionId(id).build());
        // Not validated: this client takes no role but the assistant's, where OpenAI's own service says the user's.
        assertThat(messages.items()).extracting(message -> message.id()).containsExactly(id + "-0");
        assertThat(messages.items().get(0).content()).contains("hi");
        client.close();
    }

    @Test
    void clientOfOpenAiListsModels() {
        OpenAIClient client = client("alice");

        ModelListPage models = client.models().list();
        models.response().validate();
        models.items().forEach(model -> model.validate());

        assertThat(models.items()).extracting(model -> model.id()).contains("base", "pirate");
        client.close();
    }

    @Test
    void itemTellsWhatWasAsked() throws Exception {
        HttpResponse<String> created = GATEWAY.post(
                "alice",
                "/v1/chat/completions",
                TestGateway.chat(",\"store\":true,\"temperature\":0.5,\"seed\":7,\"user\":\"u1\","
                        + "\"metadata\":{\"topic\":\"" + topic + "\"},\"tool_choice\":\"none\""));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);

        JsonNode list =
                GATEWAY.json(GATEWAY.get("alice", "/v1/chat/completions?metadata%5Btopic%5D=" + topic + "&model=base"));

        assertThat(list.get("object").asText()).isEqualTo("list");
        assertThat(list.get("has_more").asBoolean()).isFalse();
        JsonNode item = list.at("/data/0");
        assertThat(list.get("first_id")).isEqualTo(item.get("id"));
        assertThat(list.get("last_id")).isEqualTo(item.get("id"));
        assertThat(item.get("object").asText()).isEqualTo("chat.completion");
        assertThat(item.get("temperature").asDouble()).isEqualTo(0.5);
        assertThat(item.get("top_p").asDouble()).isEqualTo(1);
        assertThat(item.get("seed").asInt()).isEqualTo(7);
        assertThat(item.get("input_user").asText()).isEqualTo("u1");
        assertThat(item.get("tool_choice").asText()).isEqualTo("none");
        assertThat(item.get("tools").isNull()).isTrue();
        assertThat(item.get("response_format").isNull()).isTrue();
        assertThat(item.at("/metadata/topic").asText()).isEqualTo(topic);
        assertThat(item.get("request_id").asText())
                .isEqualTo(created.headers().firstValue("x-request-id").orElseThrow());
    }

    @Test
    void listIsFilteredByModelAndMetadata() throws Exception {
        String id = keep("alice");
        keep("bob");

        String mine = "metadata%5Btopic%5D=" + topic;
        assertThat(ids("alice", mine)).containsExactly(id);
        assertThat(ids("alice", mine + "&metadata%5Bother%5D=x")).isEmpty();
        assertThat(ids("alice", mine + "&model=base")).containsExactly(id);
        assertThat(ids("alice", mine + "&model=other")).isEmpty();
        assertThat(ids("alice", "limit=1&" + mine)).containsExactly(id);
    }

    private static List<String> ids(String key, String query) throws Exception {
        List<String> ids = new ArrayList<>();
        GATEWAY.json(GATEWAY.get(key, "/v1/chat/completions?" + query))
                .get("data")
                .forEach(item -> ids.add(item.get("id").asText()));
        return ids;
    }

    @Test
    void messagesAreWhatWasAsked() throws Exception {
        String body = "{\"model\":\"base\",\"store\":true,\"messages\":["
                + "{\"role\":\"system\",\"content\":\"be kind\"},"
                + "{\"role\":\"user\",\"name\":\"ann\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]}";
        String id = GATEWAY.json(GATEWAY.post("alice", "/v1/chat/completions", body))
                .get("id")
                .asText();

        JsonNode messages = GATEWAY.json(GATEWAY.get("alice", "/v1/chat/completions/" + id + "/messages"));
        assertThat(messages.get("data")).hasSize(2);
        assertThat(messages.at("/data/0/id").asText()).isEqualTo(id + "-0");
        assertThat(messages.at("/data/0/role").asText()).isEqualTo("system");
        assertThat(messages.at("/data/0/content").asText()).isEqualTo("be kind");
        assertThat(messages.at("/data/0/content_parts").isNull()).isTrue();
        assertThat(messages.at("/data/1/content").isNull()).isTrue();
        assertThat(messages.at("/data/1/name").asText()).isEqualTo("ann");
        assertThat(messages.at("/data/1/content_parts/0/text").asText()).isEqualTo("hi");
        JsonNode second =
                GATEWAY.json(GATEWAY.get("alice", "/v1/chat/completions/" + id + "/messages?limit=1&order=desc"));
        assertThat(second.get("first_id").asText()).isEqualTo(id + "-1");
        assertThat(second.get("has_more").asBoolean()).isTrue();
    }

    @Test
    void chatOfAnotherIsAnsweredLikeNone() throws Exception {
        String id = keep("alice");
        String nobody = "chatcmpl-" + "0".repeat(32);

        for (String key : List.of("bob", "mallory")) {
            for (String path : List.of("/v1/chat/completions/NAME", "/v1/chat/completions/NAME/messages")) {
                HttpResponse<String> forbidden = GATEWAY.get(key, path.replace("NAME", id));
                HttpResponse<String> unknown = GATEWAY.get(key, path.replace("NAME", nobody));

                assertThat(forbidden.statusCode()).isEqualTo(404);
                assertThat(forbidden.body()).isEqualTo(unknown.body().replace(nobody, id));
            }
            assertThat(GATEWAY.delete(key, "/v1/chat/completions/" + id).statusCode())
                    .isEqualTo(404);
            assertThat(GATEWAY.post(key, "/v1/chat/completions/" + id, "{\"metadata\":{}}")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(GATEWAY.get(key, "/v1/chat/completions?after=" + id).body())
                    .isEqualTo(GATEWAY.get(key, "/v1/chat/completions?after=" + nobody)
                            .body());
            assertThat(GATEWAY.get(key, "/v1/chat/completions").body()).doesNotContain(id);
        }
        assertThat(GATEWAY.get("alice", "/v1/chat/completions/" + id).statusCode())
                .isEqualTo(200);
    }

    @Test
    void ownerOfTheProjectMaySeeButLeavesATrace() throws Exception {
        String id = keep("alice");
        assertThat(GATEWAY.get("alice", "/v1/chat/completions/" + id).statusCode())
                .isEqualTo(200);
        assertThat(eventsOf(id)).isEmpty();

        assertThat(GATEWAY.get("owner", "/v1/chat/completions/" + id).statusCode())
                .isEqualTo(200);
        assertThat(GATEWAY.post("owner", "/v1/chat/completions/" + id, "{\"metadata\":{\"a\":\"b\"}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(GATEWAY.delete("owner", "/v1/chat/completions/" + id).statusCode())
                .isEqualTo(200);

        assertThat(eventsOf(id)).containsExactly("chat.read", "chat.updated", "chat.deleted", "resource.deleted");
    }

    @Test
    void storeThatIsAwayIsMissedOnlyByThoseWhoKeep() throws Exception {
        GATEWAY.without(ChatStore.class, () -> {
            assertThat(GATEWAY.post("alice", "/v1/chat/completions", TestGateway.chat(""))
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> refused =
                    GATEWAY.post("alice", "/v1/chat/completions", TestGateway.chat(",\"store\":true"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("history plugin is not running");
            assertThat(GATEWAY.get("alice", "/v1/chat/completions").statusCode())
                    .isEqualTo(503);
        });
    }

    @Test
    void changeNeedsMetadata() throws Exception {
        String id = keep("alice");

        assertThat(GATEWAY.json(GATEWAY.post("alice", "/v1/chat/completions/" + id, "{}"))
                        .at("/error/param")
                        .asText())
                .isEqualTo("metadata");
        assertThat(GATEWAY.json(GATEWAY.post("alice", "/v1/chat/completions/" + id, "{\"metadata\":null}"))
                        .get("metadata"))
                .isEmpty();
    }

    private String keep(String key) throws Exception {
        String more = ",\"store\":true,\"metadata\":{\"topic\":\"" + topic + "\"}";
        return GATEWAY.json(GATEWAY.post(key, "/v1/chat/completions", TestGateway.chat(more)))
                .get("id")
                .asText();
    }

    private static List<String> eventsOf(String id) {
        return GATEWAY.ledger().events().stream()
                .filter(event -> event.resource().orElse("").equals(id))
                .map(event -> event.type())
                .toList();
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(GATEWAY.container().uri("/v1").toString())
                .apiKey(key)
                .timeout(Duration.ofSeconds(30))
                .maxRetries(0)
                .build();
    }
}
