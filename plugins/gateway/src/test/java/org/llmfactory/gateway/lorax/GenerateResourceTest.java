package org.llmfactory.gateway.lorax;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.llmfactory.gateway.GatewayFixture.body;
import static org.llmfactory.gateway.GatewayFixture.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.gateway.GatewayFixture;
import org.llmfactory.gateway.generation.Delta;
import org.llmfactory.gateway.generation.Ending;
import org.llmfactory.gateway.generation.TextToken;
import org.llmfactory.rest.ServerSentEvents;

final class GenerateResourceTest {
    private final GatewayFixture gateway = GatewayFixture.saying("xyz");

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void answerIsTheTextAloneUnlessDetailsAreWanted() throws InterruptedException {
        assertThat(json(generate("")).toString()).isEqualTo("{\"generated_text\":\"xyz\"}");
    }

    @Test
    void detailsTellTokensCountsAndReason() throws InterruptedException {
        JsonNode details = json(generate("'details':true")).get("details");

        assertThat(details.get("finish_reason").asText()).isEqualTo("eos_token");
        assertThat(details.get("prompt_tokens").asInt()).isEqualTo(3);
        assertThat(details.get("generated_tokens").asInt()).isEqualTo(4);
        assertThat(details.get("tokens")).hasSize(4);
        assertThat(details.at("/tokens/0/text").asText()).isEqualTo("x");
        assertThat(details.at("/tokens/0/logprob").isNumber()).isTrue();
        assertThat(details.at("/tokens/3/special").asBoolean()).isTrue();
        assertThat(details.get("prefill")).isEmpty();
        assertThat(details.get("seed").isNull()).isTrue();
    }

    @Test
    void promptIsToldOnRequest() throws InterruptedException {
        JsonNode prefill = json(generate("'decoder_input_details':true")).at("/details/prefill");

        assertThat(prefill).hasSize(3);
        assertThat(prefill.at("/0/logprob").isNull()).isTrue();
        assertThat(prefill.at("/1/text").asText()).isEqualTo("a");
    }

    @Test
    void answerIsGreedyUnlessSamplingIsAskedFor() throws InterruptedException {
        generate("");
        assertThat(gateway.lastRequest().sampling().isGreedy()).isTrue();
        generate("'do_sample':true");
        assertThat(gateway.lastRequest().sampling().temperature()).isEqualTo(1);
        generate("'temperature':0.5");
        assertThat(gateway.lastRequest().sampling().temperature()).isEqualTo(0.5f);
        generate("'temperature':0,'do_sample':true");
        assertThat(gateway.lastRequest().sampling().isGreedy()).isTrue();
    }

    @Test
    void seedThatWasPickedIsTold() throws InterruptedException {
        JsonNode details = json(generate("'do_sample':true,'details':true")).get("details");

        assertThat(gateway.lastRequest().sampling().seed())
                .hasValue(details.get("seed").asLong());
    }

    @Test
    void adapterIsChosenByIdOrName() throws InterruptedException {
        Response response = generate("'adapter_id':'pirate','adapter_source':'local'");

        assertThat(gateway.lastRequest().adapters()).containsExactly(new AdapterWeight(digest("pirate"), 1));
        assertThat(response.getHeaderString("x-adapter-id")).isEqualTo("pirate");
        assertThat(response.getHeaderString("x-adapter-source")).isEqualTo("local");
    }

    @Test
    void linearMergeIsTheExactWeightedSum() throws InterruptedException {
        for (String name : List.of("merged_adapters", "adapter_parameters")) {
            generate("'" + name + "':{'ids':['pirate','poet'],'weights':[0.25,0.75],'merge_strategy':'linear'}");

            assertThat(gateway.lastRequest().adapters())
                    .containsExactly(
                            new AdapterWeight(digest("pirate"), 0.25f), new AdapterWeight(digest("poet"), 0.75f));
        }
    }

    @Test
    void mixIsTakenInOurOwnFormToo() throws InterruptedException {
        generate("'adapters':[{'id':'poet','weight':2}]");

        assertThat(gateway.lastRequest().adapters()).containsExactly(new AdapterWeight(digest("poet"), 2));
    }

    @Test
    void stopTextStaysInTheAnswer() throws InterruptedException {
        JsonNode answer = json(generate("'stop':['y'],'details':true"));

        assertThat(answer.get("generated_text").asText()).isEqualTo("xy");
        assertThat(answer.at("/details/finish_reason").asText()).isEqualTo("stop_sequence");
    }

    @Test
    void inputsStandBeforeTheAnswerOnRequest() throws InterruptedException {
        assertThat(json(generate("'return_full_text':true"))
                        .get("generated_text")
                        .asText())
                .isEqualTo("abxyz");
    }

    @Test
    void longPromptIsCutFromTheLeft() throws InterruptedException {
        generate("'truncate':1");

        assertThat(gateway.lastRequest().prompt()).containsExactly('b');
    }

    @Test
    void inputsCanBeAUsersMessage() throws InterruptedException {
        generate("'apply_chat_template':true");

        assertThat(new ByteTextCodec().decode(gateway.lastRequest().prompt(), false))
                .isEqualTo("<user>ab</user><assistant>");
    }

    @Test
    void bestOfSeveralComesWithTheOthers() throws InterruptedException {
        JsonNode details =
                json(generate("'best_of':3,'do_sample':true,'details':true")).get("details");

        assertThat(details.get("best_of_sequences")).hasSize(2);
        assertThat(details.at("/best_of_sequences/0/generated_text").asText()).isEqualTo("xyz");
    }

    @Test
    void costIsToldInHeaders() throws InterruptedException {
        Response response = generate("");

        assertThat(response.getHeaderString("x-prompt-tokens")).isEqualTo("3");
        assertThat(response.getHeaderString("x-generated-tokens")).isEqualTo("4");
        assertThat(response.getHeaderString("x-total-tokens")).isEqualTo("7");
        assertThat(response.getHeaderString("x-model-id")).isEqualTo("base");
        assertThat(response.getHeaderString("x-compute-type")).isEqualTo("cpu");
        assertThat(response.getHeaders())
                .containsKeys("x-total-time", "x-queue-time", "x-inference-time", "x-time-per-token");
    }

    @Test
    void streamHasAnEventForEachTokenAndTheTextInTheLast() throws InterruptedException {
        List<JsonNode> events = GatewayFixture.events(resource()
                .generateStream(body("{'inputs':'ab','parameters':{'details':true}}"), GatewayFixture.CALLER));

        assertThat(events).extracting(event -> event.at("/token/text").asText()).containsExactly("x", "y", "z", "</s>");
        assertThat(events.subList(0, 3))
                .allMatch(event -> event.get("generated_text").isNull());
        assertThat(events.get(3).get("generated_text").asText()).isEqualTo("xyz");
        assertThat(events.get(3).at("/details/finish_reason").asText()).isEqualTo("eos_token");
        assertThat(events.get(3).at("/details/prompt_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void streamThatReachesItsLimitEndsWithItsLastToken() throws InterruptedException {
        List<JsonNode> events = GatewayFixture.events(resource()
                .generateStream(body("{'inputs':'ab','parameters':{'max_new_tokens':2}}"), GatewayFixture.CALLER));

        assertThat(events).extracting(event -> event.at("/token/text").asText()).containsExactly("x", "y");
        assertThat(events.get(1).get("generated_text").asText()).isEqualTo("xy");
        assertThat(events.get(1).get("details").isNull()).isTrue();
    }

    @Test
    void failureMidStreamHasLoraxsShape() throws InterruptedException {
        try (GatewayFixture broken = new GatewayFixture(
                request -> Script.of('a').failingWith(new FactoryException(ErrorCode.INTERNAL, "The engine broke.")))) {
            Response response = new GenerateResource(broken.models, broken.generations, GatewayFixture.LIMITS)
                    .generateStream(body("{'inputs':'ab'}"), GatewayFixture.CALLER);

            assertThat(GatewayFixture.stream(response))
                    .endsWith("data: {\"error\":\"The engine broke.\",\"error_type\":\"generation\"}\n\n");
        }
    }

    @Test
    void olderFormAnswersWithAnArrayOrStreams() throws InterruptedException {
        assertThat(json(resource().generateCompatibly(body("{'inputs':'ab'}"), GatewayFixture.CALLER))
                        .toString())
                .isEqualTo("[{\"generated_text\":\"xyz\"}]");
        assertThat(GatewayFixture.events(
                        resource().generateCompatibly(body("{'inputs':'ab','stream':true}"), GatewayFixture.CALLER)))
                .hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'typical_p':0.5|typical_p",
                "'watermark':true|watermark",
                "'response_format':{'type':'json_object'}|response_format",
                "'best_of':2|best_of",
                "'best_of':2,'do_sample':true,'seed':1|seed",
                "'max_new_tokens':0|max_new_tokens",
                "'temperature':-1|temperature",
                "'top_k':0|top_k",
                "'top_p':0|top_p",
                "'repetition_penalty':0|repetition_penalty",
                "'truncate':0|truncate",
                "'seed':-1|seed",
                "'stop':'x'|stop",
                "'stop':['']|stop",
                "'adapter_source':'ftp'|adapter_source",
                "'adapter_id':'pirate','adapters':[{'id':'poet'}]|adapter_id",
                "'adapter_id':'pirate','merged_adapters':{'ids':['poet'],'weights':[1]}|adapter_id",
                "'merged_adapters':{'ids':[],'weights':[]}|merged_adapters.ids",
                "'merged_adapters':{'ids':['pirate'],'weights':[]}|merged_adapters.weights",
                "'merged_adapters':{'ids':['pirate'],'weights':['1']}|merged_adapters.weights[0]",
                "'merged_adapters':{'ids':['pirate'],'weights':[1],'merge_strategy':'ties'}"
                        + "|merged_adapters.merge_strategy",
                "'merged_adapters':{'ids':['pirate'],'weights':[1],'merge_strategy':'dare_linear'}"
                        + "|merged_adapters.merge_strategy",
                "'merged_adapters':{'ids':['pirate','foreign'],'weights':[1,1]}|merged_adapters.ids[1]"
            })
    void badParameterIsRefusedAsInvalid(String parameters, String path) {
        FactoryException refusal = catchThrowableOfType(FactoryException.class, () -> generate(parameters));

        assertThat(refusal.parameter().orElseThrow()).as(refusal.getMessage()).endsWith(path);
        assertThat(LoraxError.status(refusal)).isEqualTo(422);
        assertThat(LoraxError.of(refusal).errorType()).isEqualTo("validation");
    }

    @Test
    void pathOfAClientIsNeverOpened() {
        FactoryException refusal =
                catchThrowableOfType(FactoryException.class, () -> generate("'adapter_id':'/etc/adapter'"));

        assertThat(LoraxError.status(refusal)).isEqualTo(404);
        assertThat(LoraxError.of(refusal).errorType()).isEqualTo("not_found");
    }

    @Test
    void sourceAndCredentialsOfAClientAreNeverFollowed() throws InterruptedException {
        for (String source : List.of("hub", "s3", "pbase", "local")) {
            FactoryException refusal = catchThrowableOfType(
                    FactoryException.class,
                    () -> generate("'adapter_id':'s3://bucket/adapter','adapter_source':'" + source
                            + "','api_token':'canary-token'"));

            assertThat(LoraxError.status(refusal)).isEqualTo(404);
            assertThat(refusal).hasMessageNotContaining("canary-token");
        }
        generate("'adapter_id':'pirate','adapter_source':'s3','api_token':'canary-token'");
        assertThat(gateway.lastRequest().adapters()).containsExactly(new AdapterWeight(digest("pirate"), 1));
    }

    @Test
    void adapterOfAnotherProjectIsToldAsUnknown() {
        gateway.projects.put(ProjectSettings.defaults("proj_b"));
        AdapterInfo secret = gateway.add("secret", "proj_b", "mallory", Visibility.PROJECT);

        for (String name : List.of("secret", "base:secret", secret.id(), secret.digest())) {
            for (String parameters : List.of(
                    "'adapter_id':'" + name + "'",
                    "'merged_adapters':{'ids':['" + name + "'],'weights':[1]}",
                    "'adapters':[{'id':'" + name + "'}]")) {
                FactoryException refusal = catchThrowableOfType(FactoryException.class, () -> generate(parameters));

                assertThat(LoraxError.of(refusal).error())
                        .isEqualTo("The model '" + name + "' does not exist or you do not have access to it.");
            }
        }
        assertThat(gateway.engine.requests()).isEmpty();
    }

    @Test
    void presetFillsWhatIsLeftOut() throws InterruptedException {
        preset("brief", Optional.empty(), Map.of("max_tokens", 2, "stop", "z", "temperature", 0.5));

        generate("'adapter_id':'brief','temperature':0.75");

        assertThat(gateway.lastRequest().stop().maxTokens()).isEqualTo(2);
        assertThat(gateway.lastRequest().sampling().temperature()).isEqualTo(0.75f);
        assertThat(gateway.lastRequest().adapters()).containsExactly(new AdapterWeight(digest("pirate"), 1));
    }

    @Test
    void presetsSystemPromptNeedsAConversation() throws InterruptedException {
        preset("brief", Optional.of("Be brief."), Map.of());

        assertThat(catchThrowableOfType(FactoryException.class, () -> generate("'adapter_id':'brief'"))
                        .code())
                .isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
        generate("'adapter_id':'brief','apply_chat_template':true");
        assertThat(new ByteTextCodec().decode(gateway.lastRequest().prompt(), false))
                .isEqualTo("<system>Be brief.</system><user>ab</user><assistant>");
    }

    @Test
    void forbiddenTextIsNeverSent() throws InterruptedException {
        gateway.governor.forbid("yz");

        JsonNode answer = json(generate("'details':true"));
        List<JsonNode> events = GatewayFixture.events(resource()
                .generateStream(body("{'inputs':'ab','parameters':{'details':true}}"), GatewayFixture.CALLER));

        assertThat(answer.get("generated_text").asText()).isEqualTo("x");
        assertThat(answer.at("/details/finish_reason").asText()).isEqualTo("content_filter");
        assertThat(answer.at("/details/tokens")).hasSize(1);
        assertThat(events.toString()).doesNotContain("\"y\"").doesNotContain("\"z\"");
        assertThat(events.get(events.size() - 1).at("/details/finish_reason").asText())
                .isEqualTo("content_filter");
    }

    @Test
    void streamIsSettledBeforeItsLastEvent() throws Exception {
        StreamingOutput stream = (StreamingOutput) resource()
                .generateStream(body("{'inputs':'ab'}"), GatewayFixture.CALLER)
                .getEntity();
        StringBuilder sent = new StringBuilder();

        stream.write(new OutputStream() {
            @Override
            public void write(int value) {
                sent.append((char) value);
            }

            @Override
            public void flush() {
                boolean ended = sent.indexOf("\"generated_text\":\"xyz\"") >= 0;
                assertThat(gateway.governor.settled()).hasSize(ended ? 1 : 0);
            }
        });

        assertThat(sent).contains("\"generated_text\":\"xyz\"");
    }

    @Test
    void limitsAndTimingsAreToldInHeaders() throws InterruptedException {
        Response response = generate("");

        assertThat(response.getHeaderString("x-ratelimit-limit-requests")).isEqualTo("60");
        assertThat(response.getHeaderString("Server-Timing")).contains("policy;dur=", "limit;dur=", "audit;dur=");
    }

    @Test
    void redactedTextComesWithoutItsTokens() throws Exception {
        LoraxRequest request =
                LoraxRequestParser.parse(body("{'inputs':'ab'}"), Optional.of(true), GatewayFixture.LIMITS);
        LoraxWriter writer = new LoraxWriter(new LoraxMapper(request, new ByteTextCodec()), false, 2, 100);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ServerSentEvents events = new ServerSentEvents(out);
        TextToken token = new TextToken(GeneratedToken.of('a'), 0, "a");

        writer.write(new Delta(0, "a", List.of(token), false, Optional.empty()), events);
        writer.write(new Delta(0, "***", List.of(), true, Optional.empty()), events);
        Ending ending = new Ending(Ending.Reason.STOP_TOKEN, Optional.empty(), 9);
        writer.write(new Delta(0, " b", List.of(), true, Optional.of(ending)), events);

        assertThat(out.toString(UTF_8))
                .contains("\"text\":\"a\"", "\"text\":\"***\"", "\"text\":\" b\"", "\"generated_text\":\"a*** b\"");
    }

    private void preset(String name, Optional<String> system, Map<String, Object> parameters) {
        gateway.presets.add(GatewayFixture.preset(
                name, "proj_default", Visibility.PROJECT, List.of(new Preset.Part("pirate", 1)), system, parameters));
    }

    @Test
    void emptyInputsAreRefused() {
        FactoryException refusal = catchThrowableOfType(
                FactoryException.class, () -> resource().generate(body("{'inputs':''}"), GatewayFixture.CALLER));

        assertThat(refusal.parameter()).contains("inputs");
    }

    private GenerateResource resource() {
        return new GenerateResource(gateway.models, gateway.generations, GatewayFixture.LIMITS);
    }

    private Response generate(String parameters) throws InterruptedException {
        return resource().generate(body("{'inputs':'ab','parameters':{" + parameters + "}}"), GatewayFixture.CALLER);
    }

    private String digest(String adapter) {
        return gateway.adapter(adapter).digest();
    }
}
