package org.llmfactory.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.gateway.Configs;
import org.llmfactory.gateway.GatewayFixture;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.AdapterReference;

final class ChatRequestParserTest {
    private static final String MESSAGES = "'messages':[{'role':'user','content':'hi'}]";

    @Test
    void requestWithTheRequiredFieldsOnlyHasOpenAisDefaults() {
        ChatRequest request = parse("");

        assertThat(request.common().model()).isEqualTo("m");
        assertThat(request.common().stream()).isFalse();
        assertThat(request.common().choices()).isEqualTo(1);
        assertThat(request.common().adapters()).isEmpty();
        assertThat(request.common().maxTokens()).isEmpty();
        assertThat(request.common().sampling().temperature()).isEqualTo(1);
        assertThat(request.common().sampling().topP()).isEqualTo(1);
        assertThat(request.common().sampling().topLogprobs()).isEqualTo(-1);
        assertThat(request.prompt().messages()).containsExactly(Map.of("role", "user", "content", "hi"));
        assertThat(request.prompt().addGenerationPrompt()).isTrue();
    }

    @Test
    void everyFieldIsRead() {
        ChatRequest request = parse("'temperature':0.5,'top_p':0.25,'top_k':7,'min_p':0.125,'seed':-3,'n':2,"
                + "'frequency_penalty':-2,'presence_penalty':2,'repetition_penalty':1.5,'logit_bias':{'5':-100},"
                + "'stop':['a','b'],'stop_token_ids':[9],'ignore_eos':true,'max_tokens':8,'logprobs':true,"
                + "'top_logprobs':4,'stream':true,'stream_options':{'include_usage':true},"
                + "'adapters':[{'id':'x'},{'id':'y','weight':-0.5}]");

        CommonRequest common = request.common();
        assertThat(common.sampling().temperature()).isEqualTo(0.5f);
        assertThat(common.sampling().topP()).isEqualTo(0.25f);
        assertThat(common.sampling().topK()).isEqualTo(7);
        assertThat(common.sampling().minP()).isEqualTo(0.125f);
        assertThat(common.sampling().seed()).hasValue(-3);
        assertThat(common.sampling().frequencyPenalty()).isEqualTo(-2);
        assertThat(common.sampling().presencePenalty()).isEqualTo(2);
        assertThat(common.sampling().repetitionPenalty()).isEqualTo(1.5f);
        assertThat(common.sampling().logitBias()).containsExactly(Map.entry(5, -100f));
        assertThat(common.sampling().topLogprobs()).isEqualTo(4);
        assertThat(common.stop().strings()).containsExactly("a", "b");
        assertThat(common.stop().tokens()).containsExactly(9);
        assertThat(common.stop().ignoreEndOfText()).isTrue();
        assertThat(common.choices()).isEqualTo(2);
        assertThat(common.maxTokens()).isEqualTo(OptionalInt.of(8));
        assertThat(common.includeUsage()).isTrue();
        assertThat(common.adapters())
                .contains(List.of(
                        new AdapterReference("x", 1, "adapters[0].id"),
                        new AdapterReference("y", -0.5f, "adapters[1].id")));
    }

    @Test
    void newerNameOfTheTokenLimitCounts() {
        assertThat(parse("'max_tokens':5,'max_completion_tokens':7").common().maxTokens())
                .hasValue(7);
    }

    @Test
    void nullIsTheSameAsAbsent() {
        assertThat(parse("'temperature':null,'stop':null,'seed':null,'tools':null,'response_format':null,"
                        + "'logit_bias':null,'adapters':null,'stream_options':null,'top_logprobs':null"))
                .usingRecursiveComparison()
                .isEqualTo(parse(""));
    }

    @Test
    void unknownFieldsAreIgnored() {
        assertThat(parse("'foo':1,'user':'me','store':false,'metadata':{},'service_tier':'auto'"))
                .usingRecursiveComparison()
                .isEqualTo(parse(""));
    }

    @Test
    void sizeOfMetadataIsBounded() {
        String pairs = IntStream.range(0, 17).mapToObj(i -> "'k" + i + "':''").collect(Collectors.joining(","));

        assertThat(refusalOf("{'model':'m'," + MESSAGES + ",'metadata':{" + pairs + "}}")
                        .parameter())
                .contains("metadata");
        assertThat(refusalOf("{'model':'m'," + MESSAGES + ",'metadata':{'" + "k".repeat(65) + "':''}}")
                        .parameter())
                .contains("metadata");
        assertThat(refusalOf("{'model':'m'," + MESSAGES + ",'metadata':{'k':'" + "v".repeat(513) + "'}}")
                        .parameter())
                .contains("metadata.k");
        assertThat(parse("'metadata':{'" + "k".repeat(64) + "':'" + "v".repeat(512) + "'}")
                        .metadata())
                .hasSize(1);
    }

    @Test
    void sizeOfARequestIsBoundedByConfiguration() {
        RequestLimits limits = new RequestLimits(Configs.with(
                RequestLimits.Config.class, Map.of("maxMessages", 2, "maxInputCharacters", 10, "maxTools", 1)));
        String hello = "{'role':'user','content':'hello'}";

        assertThat(refusal(limits, "'messages':[" + hello + "," + hello + "," + hello + "]")
                        .parameter())
                .contains("messages");
        assertThat(refusal(limits, "'messages':[{'role':'user','content':'" + "x".repeat(11) + "'}]")
                        .parameter())
                .contains("messages[0]");
        assertThat(refusal(
                                limits,
                                "'messages':[" + hello + "],'tool_choice':'none',"
                                        + "'tools':[{'type':'function'},{'type':'function'}]")
                        .parameter())
                .contains("tools");
    }

    private static FactoryException refusal(RequestLimits limits, String fields) {
        return catchThrowableOfType(
                FactoryException.class,
                () -> ChatRequestParser.parse(GatewayFixture.body("{'model':'m'," + fields + "}"), limits));
    }

    @ParameterizedTest
    @CsvSource({"developer, system", "model, assistant", "system, system", "user, user", "assistant, assistant"})
    void rolesAreBroughtToWhatTemplatesKnow(String role, String known) {
        assertThat(messages("{'role':'" + role + "','content':'x'}").get(0)).containsEntry("role", known);
    }

    @Test
    void textPartsAreJoined() {
        assertThat(messages("{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}"))
                .containsExactly(Map.of("role", "user", "content", "a\nb"));
    }

    @Test
    void toolConversationsReachTheTemplate() {
        List<Map<String, Object>> messages = messages("{'role':'assistant','content':null,'tool_calls':[{'id':'c1',"
                + "'type':'function','function':{'name':'f','arguments':'{\\'x\\':1}'}}]},"
                + "{'role':'tool','tool_call_id':'c1','content':'2'}");

        assertThat(messages.get(0)).containsEntry("content", "").containsKey("tool_calls");
        assertThat(messages.get(0).get("tool_calls").toString()).contains("arguments={x=1}");
        assertThat(messages.get(1)).containsEntry("tool_call_id", "c1");
    }

    @Test
    void templateArgumentsAreHandedOn() {
        assertThat(parse("'chat_template_kwargs':{'enable_thinking':false,'nothing':null}")
                        .prompt()
                        .extra())
                .containsExactly(Map.entry("enable_thinking", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'response_format':{'type':'text'}",
                "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'none'",
                "'tool_choice':'auto'",
                "'tools':[]",
                "'modalities':['text']",
                "'functions':[],'function_call':'none'",
                "'max_tokens':3.0",
                "'top_k':-1",
                "'top_p':0",
                "'stop':[]"
            })
    void harmlessFieldsAreTaken(String field) {
        assertThat(parse(field)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'temperature':'hot'|invalid_type|temperature",
                "'temperature':2.1|invalid_value|temperature",
                "'temperature':-1|invalid_value|temperature",
                "'temperature':true|invalid_type|temperature",
                "'top_p':1.5|invalid_value|top_p",
                "'n':0|invalid_value|n",
                "'n':129|invalid_value|n",
                "'n':1.5|invalid_type|n",
                "'max_tokens':0|invalid_value|max_tokens",
                "'max_tokens':99999999999|invalid_value|max_tokens",
                "'max_completion_tokens':-5|invalid_value|max_completion_tokens",
                "'frequency_penalty':3|invalid_value|frequency_penalty",
                "'presence_penalty':-3|invalid_value|presence_penalty",
                "'repetition_penalty':0|invalid_value|repetition_penalty",
                "'min_p':2|invalid_value|min_p",
                "'top_k':-2|invalid_value|top_k",
                "'seed':'x'|invalid_type|seed",
                "'seed':1e30|invalid_value|seed",
                "'stop':5|invalid_type|stop",
                "'stop':['a','b','c','d','e']|invalid_value|stop",
                "'stop':['a',5]|invalid_type|stop[1]",
                "'stop':''|invalid_value|stop",
                "'stop_token_ids':[-1]|invalid_value|stop_token_ids[0]",
                "'logit_bias':[]|invalid_type|logit_bias",
                "'logit_bias':{'x':1}|invalid_value|logit_bias.x",
                "'logit_bias':{'1':101}|invalid_value|logit_bias.1",
                "'logit_bias':{'1':null}|missing_required_parameter|logit_bias.1",
                "'logprobs':3|invalid_type|logprobs",
                "'top_logprobs':3|invalid_value|top_logprobs",
                "'logprobs':true,'top_logprobs':21|invalid_value|top_logprobs",
                "'stream':'yes'|invalid_type|stream",
                "'stream_options':{'include_usage':true}|invalid_value|stream_options",
                "'stream':true,'stream_options':{'include_usage':1}|invalid_type|stream_options.include_usage",
                "'response_format':{'type':'json_object'}|unsupported_parameter|response_format.type",
                "'response_format':{'type':'json_schema','json_schema':{}}|unsupported_parameter|response_format.type",
                "'response_format':{'type':'yaml'}|invalid_value|response_format.type",
                "'response_format':{}|missing_required_parameter|response_format.type",
                "'response_format':'text'|invalid_type|response_format",
                "'tools':[{'type':'function','function':{'name':'f'}}]|unsupported_parameter|tools",
                "'tools':[{'type':'function'}],'tool_choice':'auto'|unsupported_parameter|tools",
                "'tools':[{}]|missing_required_parameter|tools[0].type",
                "'tools':{}|invalid_type|tools",
                "'tool_choice':'required'|unsupported_parameter|tool_choice",
                "'tool_choice':{'type':'function','function':{'name':'f'}}|unsupported_parameter|tool_choice",
                "'tool_choice':'maybe'|invalid_value|tool_choice",
                "'tool_choice':7|invalid_type|tool_choice",
                "'functions':[{'name':'f'}]|unsupported_parameter|functions",
                "'modalities':['text','audio']|unsupported_parameter|modalities",
                "'audio':{'voice':'x'}|unsupported_parameter|audio",
                "'web_search_options':{}|unsupported_parameter|web_search_options",
                "'adapters':{}|invalid_type|adapters",
                "'adapters':['x']|invalid_type|adapters[0]",
                "'adapters':[{}]|missing_required_parameter|adapters[0].id",
                "'adapters':[{'id':7}]|invalid_type|adapters[0].id",
                "'adapters':[{'id':'x','weight':'1'}]|invalid_type|adapters[0].weight",
                "'adapters':[{'id':'x','weight':1e300}]|invalid_value|adapters[0].weight",
                "'chat_template_kwargs':[]|invalid_type|chat_template_kwargs",
                "'store':'yes'|invalid_type|store",
                "'metadata':[]|invalid_type|metadata",
                "'metadata':{'a':1}|invalid_type|metadata.a",
                "'metadata':{'a':null}|missing_required_parameter|metadata.a"
            })
    void badFieldIsToldWithItsPath(String field, String code, String path) {
        FactoryException refusal = refusalOf("{'model':'m'," + MESSAGES + "," + field + "}");

        assertThat(refusal.code().code()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.parameter()).contains(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{" + MESSAGES + "}|missing_required_parameter|model",
                "{'model':7," + MESSAGES + "}|invalid_type|model",
                "{'model':'m'}|missing_required_parameter|messages",
                "{'model':'m','messages':[]}|invalid_value|messages",
                "{'model':'m','messages':'hi'}|invalid_type|messages",
                "{'model':'m','messages':['hi']}|invalid_type|messages[0]",
                "{'model':'m','messages':[{'content':'x'}]}|missing_required_parameter|messages[0].role",
                "{'model':'m','messages':[{'role':'king','content':'x'}]}|invalid_value|messages[0].role",
                "{'model':'m','messages':[{'role':'user'}]}|missing_required_parameter|messages[0].content",
                "{'model':'m','messages':[{'role':'user','content':null}]}|missing_required_parameter|messages[0].content",
                "{'model':'m','messages':[{'role':'user','content':{}}]}|invalid_type|messages[0].content",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'x'}}]}]}"
                        + "|unsupported_parameter|messages[0].content[0].type",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'input_audio'}]}]}"
                        + "|unsupported_parameter|messages[0].content[0].type",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'smell'}]}]}"
                        + "|invalid_value|messages[0].content[0].type",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'text'}]}]}"
                        + "|missing_required_parameter|messages[0].content[0].text",
                "{'model':'m','messages':[{'role':'assistant','tool_calls':[{'function':{}}]}]}"
                        + "|missing_required_parameter|messages[0].tool_calls[0].function.name"
            })
    void badConversationIsToldWithItsPath(String body, String code, String path) {
        FactoryException refusal = refusalOf(body);

        assertThat(refusal.code().code()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.parameter()).contains(path);
    }

    private static FactoryException refusalOf(String body) {
        return catchThrowableOfType(
                FactoryException.class,
                () -> ChatRequestParser.parse(GatewayFixture.body(body), GatewayFixture.LIMITS));
    }

    private static ChatRequest parse(String more) {
        return ChatRequestParser.parse(
                GatewayFixture.body("{'model':'m'," + MESSAGES + (more.isEmpty() ? "" : ",") + more + "}"),
                GatewayFixture.LIMITS);
    }

    private static List<Map<String, Object>> messages(String messages) {
        // Backslashes keep a quote inside a string.
        String body = ("{'model':'m','messages':[" + messages + "]}").replace("\\'", "\\\"");
        return ChatRequestParser.parse(GatewayFixture.body(body), GatewayFixture.LIMITS)
                .prompt()
                .messages();
    }
}
