package org.llmfactory.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.llmfactory.gateway.GatewayFixture.body;
import static org.llmfactory.gateway.GatewayFixture.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.project.Preset;
import org.llmfactory.gateway.GatewayFixture;

final class CompletionsResourceTest {
    private final GatewayFixture gateway = GatewayFixture.saying("xyz");

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void answerHasOpenAisShape() throws InterruptedException {
        JsonNode answer = json(create("'prompt':'abc'"));

        assertThat(answer.get("id").asText()).startsWith("cmpl-");
        assertThat(answer.get("object").asText()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("xyz");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.get("choices").get(0).has("logprobs")).isTrue();
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void sixteenTokensAreTheDefault() throws InterruptedException {
        create("'prompt':'abc'");

        assertThat(gateway.lastRequest().stop().maxTokens()).isEqualTo(16);
    }

    @Test
    void promptMayBeTextOrTokensOneOrMany() throws InterruptedException {
        create("'prompt':'ab'");
        create("'prompt':['ab','c']");
        create("'prompt':[97,98]");
        create("'prompt':[[97],[98,99]]");

        assertThat(gateway.engine.requests())
                .extracting(request -> new ByteTextCodec().decode(request.prompt(), false))
                .containsExactly("<s>ab", "<s>ab", "<s>c", "ab", "a", "bc");
    }

    @Test
    void choicesAreNumberedOverAllPrompts() throws InterruptedException {
        JsonNode answer = json(create("'prompt':['a','bc'],'n':2,'echo':true"));

        assertThat(answer.get("choices"))
                .extracting(choice -> choice.get("index").asInt())
                .containsExactly(0, 1, 2, 3);
        assertThat(answer.get("choices"))
                .extracting(choice -> choice.get("text").asText())
                .containsExactly("axyz", "axyz", "bcxyz", "bcxyz");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(16);
    }

    @Test
    void bestOfSeveralIsTheLikeliest() throws InterruptedException {
        try (GatewayFixture several =
                new GatewayFixture(request -> Script.of(GatewayFixture.ids("q", ByteTextCodec.END)))) {
            JsonNode answer = json(
                    new CompletionsResource(new TextAnswers(several.models, several.generations, GatewayFixture.LIMITS))
                            .create(body("{'model':'base','prompt':'a','n':1,'best_of':3}"), GatewayFixture.CALLER));

            assertThat(answer.get("choices")).hasSize(1);
            assertThat(answer.at("/choices/0/index").asInt()).isZero();
            assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(6);
            assertThat(several.engine.requests())
                    .hasSize(3)
                    .allMatch(request -> request.sampling().topLogprobs() == 0);
            assertThat(answer.at("/choices/0/logprobs").isNull()).isTrue();
        }
    }

    @Test
    void logprobsAreListsByToken() throws InterruptedException {
        JsonNode logprobs = json(create("'prompt':'abc','logprobs':2")).at("/choices/0/logprobs");

        assertThat(logprobs.get("tokens").toString()).isEqualTo("[\"x\",\"y\",\"z\"]");
        assertThat(logprobs.get("text_offset").toString()).isEqualTo("[0,1,2]");
        assertThat(logprobs.get("token_logprobs")).hasSize(3);
        assertThat(logprobs.at("/top_logprobs/0")).hasSize(2);
        assertThat(logprobs.at("/top_logprobs/0/x").asDouble()).isBetween(-0.694, -0.693);
    }

    @Test
    void echoedPromptHasLogprobsButForItsFirstToken() throws InterruptedException {
        JsonNode choice = json(create("'prompt':[97,98],'logprobs':1,'echo':true,'max_tokens':1"))
                .at("/choices/0");

        assertThat(choice.get("text").asText()).isEqualTo("abx");
        assertThat(choice.at("/logprobs/tokens").toString()).isEqualTo("[\"a\",\"b\",\"x\"]");
        assertThat(choice.at("/logprobs/text_offset").toString()).isEqualTo("[0,1,2]");
        assertThat(choice.at("/logprobs/token_logprobs/0").isNull()).isTrue();
        assertThat(choice.at("/logprobs/top_logprobs/0").toString()).isEqualTo("{}");
        assertThat(choice.at("/logprobs/token_logprobs/1").isNumber()).isTrue();
        assertThat(gateway.lastRequest().promptLogprobs()).isTrue();
    }

    @Test
    void promptAloneCanBeScored() throws InterruptedException {
        JsonNode answer = json(create("'prompt':[97,98],'logprobs':0,'echo':true,'max_tokens':0"));

        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("ab");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(answer.at("/choices/0/logprobs/tokens")).hasSize(2);
        assertThat(answer.at("/usage/completion_tokens").asInt()).isZero();
    }

    @Test
    void streamHasTheSameShape() throws InterruptedException {
        Response response = create(
                "'prompt':'ab','stream':true,'echo':true,'logprobs':1," + "'stream_options':{'include_usage':true}");
        List<JsonNode> events = GatewayFixture.events(response);

        assertThat(events).allMatch(event -> event.get("object").asText().equals("text_completion"));
        assertThat(events.get(0).at("/choices/0/text").asText()).isEqualTo("ab");
        assertThat(events.get(0).at("/choices/0/logprobs/tokens")).hasSize(3);
        assertThat(events.get(1).at("/choices/0/text").asText()).isEqualTo("x");
        assertThat(events.get(1).at("/choices/0/logprobs/text_offset/0").asInt())
                .isEqualTo(2);
        assertThat(events.get(4).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(events.get(5).at("/usage/total_tokens").asInt()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'n':1|missing_required_parameter|prompt",
                "'prompt':7|invalid_type|prompt",
                "'prompt':[]|invalid_value|prompt",
                "'prompt':['a',1]|invalid_type|prompt[1]",
                "'prompt':[1,'a']|invalid_type|prompt[1]",
                "'prompt':[[1],'a']|invalid_type|prompt[1]",
                "'prompt':[true]|invalid_type|prompt[0]",
                "'prompt':[1.5]|invalid_type|prompt[0]",
                "'prompt':[-1]|invalid_value|prompt[0]",
                "'prompt':[[]]|invalid_value|prompt",
                "'prompt':[258]|invalid_value|prompt",
                "'prompt':'a','logprobs':6|invalid_value|logprobs",
                "'prompt':'a','logprobs':true|invalid_type|logprobs",
                "'prompt':'a','best_of':0|invalid_value|best_of",
                "'prompt':'a','n':3,'best_of':2|invalid_value|best_of",
                "'prompt':'a','best_of':2,'stream':true|invalid_value|best_of",
                "'prompt':'a','suffix':'b'|unsupported_parameter|suffix",
                "'prompt':'a','max_tokens':0|invalid_value|max_tokens",
                "'prompt':'a','echo':1|invalid_type|echo"
            })
    void badFieldIsToldWithItsPath(String fields, String code, String path) {
        FactoryException refusal = catchThrowableOfType(FactoryException.class, () -> create(fields));

        assertThat(refusal.code().code()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.parameter()).contains(path);
    }

    @Test
    void presetFillsWhatIsLeftOutButCannotSpeakFirst() throws InterruptedException {
        gateway.presets.add(preset("plain", Optional.empty()));
        gateway.presets.add(preset("system", Optional.of("Be brief.")));

        create("'prompt':'ab'", "plain");
        assertThat(gateway.lastRequest().stop().maxTokens()).isEqualTo(2);
        assertThat(catchThrowableOfType(FactoryException.class, () -> create("'prompt':'ab'", "system"))
                        .code())
                .isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
    }

    @Test
    void policySeesPromptsOfTokensAsText() throws InterruptedException {
        create("'prompt':[[97,98],[99]]");

        assertThat(gateway.governor.settled().get(0).work().input()).containsExactly("ab", "c");
        assertThat(gateway.governor.settled().get(0).work().inputTokens()).isEqualTo(3);
    }

    private static Preset preset(String name, Optional<String> system) {
        return GatewayFixture.preset(
                name, "proj_default", Visibility.PROJECT, List.of(), system, Map.of("max_tokens", 2));
    }

    private Response create(String fields) throws InterruptedException {
        return create(fields, "base");
    }

    private Response create(String fields, String model) throws InterruptedException {
        return new CompletionsResource(new TextAnswers(gateway.models, gateway.generations, GatewayFixture.LIMITS))
                .create(body("{'model':'" + model + "'," + fields + "}"), GatewayFixture.CALLER);
    }
}
