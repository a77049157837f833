package org.llmfactory.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.llmfactory.gateway.GatewayFixture.body;
import static org.llmfactory.gateway.GatewayFixture.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.gateway.GatewayFixture;

final class ChatCompletionsResourceTest {
    private GatewayFixture gateway = GatewayFixture.saying("Hé!");

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void answerHasOpenAisShape() throws InterruptedException {
        JsonNode answer = json(create(""));

        assertThat(answer.get("id").asText()).startsWith("chatcmpl-");
        assertThat(answer.get("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.get("created").asLong()).isPositive();
        assertThat(answer.get("model").asText()).isEqualTo("base");
        assertThat(answer.get("system_fingerprint").asText()).isEqualTo("fp_bbbbbbbbbbbb");
        JsonNode choice = answer.at("/choices/0");
        assertThat(choice.get("index").asInt()).isZero();
        assertThat(choice.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.has("logprobs")).isTrue();
        assertThat(choice.at("/message/role").asText()).isEqualTo("assistant");
        assertThat(choice.at("/message/content").asText()).isEqualTo("Hé!");
        assertThat(choice.get("message").has("refusal")).isTrue();
        assertThat(answer.at("/usage/prompt_tokens").asInt())
                .isEqualTo(gateway.lastRequest().prompt().length);
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(5);
        assertThat(answer.at("/usage/total_tokens").asInt())
                .isEqualTo(answer.at("/usage/prompt_tokens").asInt() + 5);
        assertThat(answer.at("/usage/prompt_tokens_details/cached_tokens").isInt())
                .isTrue();
        assertThat(answer.has("error")).isFalse();
    }

    @Test
    void conversationIsRenderedWithTheModelsTemplate() throws InterruptedException {
        create("");

        assertThat(new ByteTextCodec().decode(gateway.lastRequest().prompt(), false))
                .isEqualTo("<user>hi</user><assistant>");
    }

    @Test
    void tenantIsTheCallers() throws InterruptedException {
        create("");

        assertThat(gateway.lastRequest().tenant()).isEqualTo("proj_default");
    }

    @Test
    void mixReachesTheEngineAndTheAnswerSaysSo() throws InterruptedException {
        Response response = create(",'adapters':[{'id':'pirate','weight':0.5},{'id':'poet','weight':-0.25}]");

        assertThat(gateway.lastRequest().adapters())
                .containsExactly(new AdapterWeight(digest("pirate"), 0.5f), new AdapterWeight(digest("poet"), -0.25f));
        assertThat(response.getHeaderString("x-adapter-id")).isEqualTo("pirate,poet");
        assertThat(json(response).at("/llm_factory/adapters/1/name").asText()).isEqualTo("poet");
        assertThat(json(response).at("/llm_factory/adapters/1/weight").asDouble())
                .isEqualTo(-0.25);
    }

    @Test
    void severalChoicesAreNumbered() throws InterruptedException {
        JsonNode answer = json(create(",'n':3,'seed':1"));

        assertThat(answer.get("choices"))
                .extracting(choice -> choice.get("index").asInt())
                .containsExactly(0, 1, 2);
        assertThat(gateway.engine.requests())
                .extracting(request -> request.sampling().seed())
                .containsExactly(OptionalLong.of(1), OptionalLong.of(2), OptionalLong.of(3));
    }

    @Test
    void logprobsComeWithBytesAndAlternatives() throws InterruptedException {
        JsonNode tokens = json(create(",'logprobs':true,'top_logprobs':2")).at("/choices/0/logprobs/content");

        assertThat(tokens).hasSize(4);
        assertThat(tokens.at("/0/token").asText()).isEqualTo("H");
        assertThat(tokens.at("/0/logprob").asDouble()).isBetween(-0.694, -0.693);
        assertThat(tokens.at("/0/bytes/0").asInt()).isEqualTo('H');
        assertThat(tokens.at("/0/top_logprobs")).hasSize(2);
        assertThat(tokens.at("/0/top_logprobs/1/token").asText()).isEqualTo("I");
        assertThat(tokens.at("/1/bytes/0").asInt()).isEqualTo(0xC3);
    }

    @Test
    void answerThatIsThereAlreadyCanBeScored() throws InterruptedException {
        String talk = "'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':'oh'}]";
        JsonNode answer = json(answers()
                .create(
                        body("{'model':'base'," + talk + ",'echo':true,'logprobs':true,'max_tokens':0}"),
                        "req_1",
                        GatewayFixture.CALLER));

        assertThat(new ByteTextCodec().decode(gateway.lastRequest().prompt(), false))
                .isEqualTo("<user>hi</user><assistant>oh");
        assertThat(gateway.lastRequest().promptLogprobs()).isTrue();
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("oh");
        assertThat(answer.at("/choices/0/logprobs/content"))
                .extracting(token -> token.get("token").asText())
                .containsExactly("o", "h");
        assertThat(answer.at("/choices/0/logprobs/content/0/logprob").asDouble())
                .isNegative();
        assertThat(answer.at("/usage/completion_tokens").asInt()).isZero();
    }

    @Test
    void onlyAnAnswerBehindAMessageCanBeEchoed() {
        for (String bad : List.of(
                "'messages':[{'role':'user','content':'hi'}],'echo':true",
                "'messages':[{'role':'assistant','content':'hi'}],'echo':true",
                "'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':'oh'}],'echo':true,'stream':true",
                "'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':'oh'}],'max_tokens':0")) {
            assertThatThrownBy(() -> answers().create(body("{'model':'base'," + bad + "}"), "r", GatewayFixture.CALLER))
                    .as(bad)
                    .isInstanceOf(FactoryException.class);
        }
    }

    @Test
    void answerThatReachesItsLimitSaysLength() throws InterruptedException {
        JsonNode answer = json(create(",'max_tokens':1"));

        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("H");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void streamOpensWithTheRoleAndEndsWithTheReason() throws InterruptedException {
        Response response = create(",'stream':true");
        List<JsonNode> events = GatewayFixture.events(response);

        assertThat(response.getMediaType()).hasToString("text/event-stream");
        assertThat(events.get(0).at("/choices/0/delta").toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(texts(events)).containsExactly("", "H", "é", "!");
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.at("/choices/0/delta").toString()).isEqualTo("{}");
        assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(events)
                .extracting(event -> event.get("id"))
                .containsOnly(events.get(0).get("id"));
        assertThat(events).noneMatch(event -> event.has("usage") || event.has("error"));
        assertThat(events).allMatch(event -> event.get("object").asText().equals("chat.completion.chunk"));
    }

    @Test
    void streamEndsWithItsMarker() throws InterruptedException {
        assertThat(GatewayFixture.stream(create(",'stream':true"))).endsWith("\n\ndata: [DONE]\n\n");
    }

    @Test
    void streamTellsTheUsageOnRequest() throws InterruptedException {
        List<JsonNode> events = GatewayFixture.events(create(",'stream':true,'stream_options':{'include_usage':true}"));

        JsonNode last = events.remove(events.size() - 1);
        assertThat(last.get("choices")).isEmpty();
        assertThat(last.at("/usage/completion_tokens").asInt()).isEqualTo(5);
        assertThat(events)
                .allMatch(event -> event.has("usage") && event.get("usage").isNull());
    }

    @Test
    void streamedChoicesAreToldApart() throws InterruptedException {
        List<JsonNode> events = GatewayFixture.events(create(",'stream':true,'n':2"));

        assertThat(events.stream()
                        .filter(event -> event.at("/choices/0/index").asInt() == 1)
                        .map(event -> event.at("/choices/0/delta/content").asText()))
                .containsExactly("", "H", "é", "!", "");
    }

    @Test
    void streamHoldsBackWhatMayBeAStopText() throws InterruptedException {
        gateway.close();
        gateway = GatewayFixture.saying("one STOP two");

        List<JsonNode> events = GatewayFixture.events(create(",'stream':true,'stop':' STOP'"));

        assertThat(String.join("", texts(events))).isEqualTo("one");
        assertThat(events.get(events.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
    }

    @Test
    void failureBeforeTheFirstTokenIsAStatus() {
        gateway.close();
        gateway = new GatewayFixture(request ->
                Script.of().failingWith(new FactoryException(ErrorCode.INVALID_FILE, "The adapter is damaged.")));

        assertThatThrownBy(() -> create(",'stream':true")).hasMessage("The adapter is damaged.");
        assertThat(gateway.inFlight.count()).isZero();
    }

    @Test
    void failureMidStreamIsTheLastEvent() throws InterruptedException {
        gateway.close();
        gateway = new GatewayFixture(
                request -> Script.of('a').failingWith(new FactoryException(ErrorCode.INTERNAL, "The engine broke.")));

        String stream = GatewayFixture.stream(create(",'stream':true"));

        assertThat(stream)
                .endsWith("data: {\"error\":{\"message\":\"The engine broke.\",\"type\":\"server_error\","
                        + "\"param\":null,\"code\":null}}\n\n")
                .doesNotContain("[DONE]");
        assertThat(gateway.inFlight.count()).isZero();
    }

    @Test
    void clientThatIsGoneEndsTheGeneration() throws Exception {
        gateway.engine.stepByStep();
        gateway.engine.allow(1);
        StreamingOutput stream = (StreamingOutput) create(",'stream':true").getEntity();

        stream.write(new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        });

        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> gateway.engine.status().running() == 0);
        assertThat(gateway.engine.status().generatedTokens()).isEqualTo(1);
        assertThat(gateway.inFlight.count()).isZero();
    }

    @Test
    void tokenOutsideTheVocabularyCannotBeBiased() {
        assertThatThrownBy(() -> create(",'logit_bias':{'258':1}")).hasMessageContaining("no token 258");
    }

    private Response create(String more) throws InterruptedException {
        return answers()
                .create(
                        body("{'model':'base','messages':[{'role':'user','content':'hi'}]" + more + "}"),
                        "req_1",
                        GatewayFixture.CALLER);
    }

    private ChatCompletionsResource answers() {
        return new ChatCompletionsResource(new ChatAnswers(
                gateway.models, gateway.generations, new StoredChats(gateway.governance), GatewayFixture.LIMITS));
    }

    private String digest(String adapter) {
        return gateway.adapter(adapter).digest();
    }

    private static List<String> texts(List<JsonNode> events) {
        List<String> texts = new ArrayList<>();
        for (JsonNode event : events) {
            JsonNode content = event.at("/choices/0/delta/content");
            if (!content.isMissingNode()) {
                texts.add(content.asText());
            }
        }
        return texts;
    }
}
