package org.llmfactory.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.llmfactory.gateway.GatewayFixture.body;
import static org.llmfactory.gateway.GatewayFixture.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.project.Preset;
import org.llmfactory.gateway.GatewayFixture;

/** What governance means to chat completions: admission, screening, settlement, presets and keeping. */
final class ChatGovernanceTest {
    private GatewayFixture gateway = GatewayFixture.saying("Hello");

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void streamIsSettledBeforeItsEndIsSent() throws Exception {
        StreamingOutput stream =
                (StreamingOutput) create(",'stream':true,'n':2").getEntity();
        StringBuilder sent = new StringBuilder();

        stream.write(new OutputStream() {
            @Override
            public void write(int value) {
                sent.append((char) value);
            }

            @Override
            public void flush() {
                String text = sent.toString();
                boolean ended = text.split("\"finish_reason\":\"stop\"", -1).length == 3 || text.contains("[DONE]");
                assertThat(gateway.governor.settled()).hasSize(ended ? 1 : 0);
            }
        });

        assertThat(sent).endsWith("data: [DONE]\n\n");
        assertThat(gateway.governor.settled().get(0).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(gateway.governor.open()).isZero();
    }

    @Test
    void answerIsSettledBeforeItIsGivenOut() throws InterruptedException {
        JsonNode answer = json(create(""));

        assertThat(gateway.governor.settled()).hasSize(1);
        assertThat(gateway.governor.settled().get(0).work().id())
                .isEqualTo(answer.get("id").asText());
        assertThat(gateway.governor.settled().get(0).usage().outputTokens())
                .isEqualTo(answer.at("/usage/completion_tokens").asLong());
    }

    @Test
    void clientThatIsGoneIsChargedWhatWasGenerated() throws Exception {
        gateway.engine.stepByStep();
        gateway.engine.allow(3);
        StreamingOutput stream = (StreamingOutput) create(",'stream':true").getEntity();
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> gateway.engine.status().generatedTokens() == 3);

        stream.write(new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        });

        assertThat(gateway.governor.settled()).hasSize(1);
        assertThat(gateway.governor.settled().get(0).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(gateway.governor.settled().get(0).usage().outputTokens()).isEqualTo(3);
        assertThat(gateway.governor.settled().get(0).usage().inputTokens())
                .isEqualTo(gateway.lastRequest().prompt().length);
    }

    @Test
    void forbiddenTextIsNeverSent() throws InterruptedException {
        gateway.close();
        gateway = GatewayFixture.saying("one two three");
        gateway.governor.forbid("two");

        List<JsonNode> events = GatewayFixture.events(create(",'stream':true,'logprobs':true"));
        JsonNode whole = json(create(",'logprobs':true"));

        assertThat(events.toString()).contains("content_filter").doesNotContain("\"w\"");
        assertThat(whole.at("/choices/0/message/content").asText()).isEqualTo("one ");
        assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo("content_filter");
        assertThat(whole.at("/choices/0/logprobs/content")).hasSize(4);
        assertThat(gateway.governor.settled())
                .extracting(settled -> settled.outcome())
                .containsExactly(Outcome.BLOCKED, Outcome.BLOCKED);
    }

    @Test
    void limitsAndTimingsAreToldInHeaders() throws InterruptedException {
        for (String stream : List.of("", ",'stream':true")) {
            Response response = create(stream);

            assertThat(response.getHeaderString("x-ratelimit-limit-requests")).isEqualTo("60");
            assertThat(response.getHeaderString("Server-Timing")).startsWith("policy;dur=");
            if (!stream.isEmpty()) {
                GatewayFixture.stream(response);
            }
        }
    }

    @Test
    void policySeesAllThatTheCallerWrote() throws InterruptedException {
        new ChatCompletionsResource(
                        new ChatAnswers(gateway.models, gateway.generations, chats(), GatewayFixture.LIMITS))
                .create(
                        body("{'model':'base','messages':[{'role':'system','content':'be kind'},"
                                + "{'role':'user','name':'ann','content':[{'type':'text','text':'hi'}]},"
                                + "{'role':'assistant','tool_calls':[{'id':'c1','function':{'name':'f',"
                                + "'arguments':'{\\\"city\\\":\\\"Rome\\\"}'}}]}],"
                                + "'chat_template_kwargs':{'note':'aside'}}"),
                        null,
                        GatewayFixture.CALLER);

        assertThat(gateway.governor.settled().get(0).work().input())
                .contains("be kind", "hi", "ann", "f", "city", "Rome", "aside")
                .doesNotContain("user", "system");
    }

    @Test
    void presetGoesInFrontAndFillsWhatIsLeftOut() throws InterruptedException {
        preset(Optional.of("Be brief."), Map.of("temperature", 0.25, "seed", 9, "max_tokens", 3, "stop", List.of("x")));

        JsonNode answer = json(create("brief", ",'seed':1"));

        assertThat(answer.get("model").asText()).isEqualTo("brief");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Hel");
        assertThat(prompt()).isEqualTo("<system>Be brief.</system><user>hi</user><assistant>");
        assertThat(gateway.lastRequest().sampling().temperature()).isEqualTo(0.25f);
        assertThat(gateway.lastRequest().sampling().seed()).isEqualTo(OptionalLong.of(1));
        assertThat(gateway.governor.settled().get(0).work().input()).containsExactly("hi");
    }

    @Test
    void presetsLimitGivesWayToTheNewerNameToo() throws InterruptedException {
        preset(Optional.empty(), Map.of("max_tokens", 3));

        create("brief", ",'max_completion_tokens':4");

        assertThat(gateway.lastRequest().stop().maxTokens()).isEqualTo(4);
    }

    @Test
    void presetsSystemPromptJoinsTheRequests() throws InterruptedException {
        preset(Optional.of("Be brief."), Map.of());

        new ChatCompletionsResource(
                        new ChatAnswers(gateway.models, gateway.generations, chats(), GatewayFixture.LIMITS))
                .create(
                        body("{'model':'brief','messages':[{'role':'developer','content':'Be kind.'},"
                                + "{'role':'user','content':'hi'}]}"),
                        null,
                        GatewayFixture.CALLER);

        assertThat(prompt()).isEqualTo("<system>Be brief.\n\nBe kind.</system><user>hi</user><assistant>");
    }

    @Test
    void answerIsKeptOnRequest() throws InterruptedException {
        JsonNode answer = json(create(",'store':true,'metadata':{'topic':'greeting'},'user':'u1'"));

        StoredChat kept = kept(answer.get("id").asText());
        assertThat(kept.owner()).isEqualTo("admin");
        assertThat(kept.model()).isEqualTo("base");
        assertThat(kept.metadata()).containsExactly(Map.entry("topic", "greeting"));
        assertThat(kept.completion()).contains("Hello");
        assertThat(kept.request()).contains("\"hi\"", "\"req_1\"", "\"u1\"");
        json(create(""));
        assertThat(gateway.chats.list(new ChatStore.Query("proj_default", null, null, Map.of(), null, 10, false)))
                .hasSize(1);
    }

    @Test
    void streamIsKeptBeforeItsEndIsSent() throws Exception {
        StreamingOutput stream = (StreamingOutput)
                create(",'store':true,'stream':true,'logprobs':true").getEntity();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();

        stream.write(new OutputStream() {
            @Override
            public void write(int value) {
                sent.write(value);
            }

            @Override
            public void flush() {
                boolean ended = sent.toString(UTF_8).contains("\"finish_reason\":\"stop\"");
                assertThat(gateway.chats.list(
                                new ChatStore.Query("proj_default", null, null, Map.of(), null, 10, false)))
                        .hasSize(ended ? 1 : 0);
            }
        });

        StoredChat kept = gateway.chats
                .list(new ChatStore.Query("proj_default", null, null, Map.of(), null, 10, false))
                .get(0);
        assertThat(sent.toString(UTF_8)).contains(kept.id()).endsWith("data: [DONE]\n\n");
        assertThat(kept.completion()).contains("\"content\":\"Hello\"", "\"object\":\"chat.completion\"");
    }

    @Test
    void nothingIsAnsweredThatCannotBeKept() throws InterruptedException {
        gateway.governance.unsetChats(gateway.chats);

        assertThatThrownBy(() -> create(",'store':true"))
                .hasMessageContaining("history plugin is not running")
                .extracting("code")
                .isEqualTo(ErrorCode.OVERLOADED);
        assertThat(gateway.engine.requests()).isEmpty();
        assertThat(json(create("")).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void streamThatCannotBeKeptHasNoEnd() throws InterruptedException {
        gateway.governance.setChats(new FullChatStore());

        String stream = GatewayFixture.stream(create(",'store':true,'stream':true"));

        assertThat(stream)
                .contains("\"error\"", "The disk is full.")
                .doesNotContain("[DONE]")
                .doesNotContain("\"finish_reason\":\"stop\"");
        assertThat(gateway.governor.settled()).hasSize(1);
    }

    private void preset(Optional<String> system, Map<String, Object> parameters) {
        gateway.presets.add(GatewayFixture.preset(
                "brief",
                "proj_default",
                Visibility.PROJECT,
                List.of(new Preset.Part("pirate", 1)),
                system,
                parameters));
    }

    private StoredChats chats() {
        return new StoredChats(gateway.governance);
    }

    private StoredChat kept(String id) {
        return gateway.chats.find("proj_default", id).orElseThrow();
    }

    private String prompt() {
        return new ByteTextCodec().decode(gateway.lastRequest().prompt(), false);
    }

    private Response create(String more) throws InterruptedException {
        return create("base", more);
    }

    private Response create(String model, String more) throws InterruptedException {
        return new ChatCompletionsResource(
                        new ChatAnswers(gateway.models, gateway.generations, chats(), GatewayFixture.LIMITS))
                .create(
                        body("{'model':'" + model + "','messages':[{'role':'user','content':'hi'}]" + more + "}"),
                        "req_1",
                        GatewayFixture.CALLER);
    }
}
