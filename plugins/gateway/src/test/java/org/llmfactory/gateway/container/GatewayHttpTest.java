package org.llmfactory.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway over HTTP, in a container, with a scripted engine behind it. */
final class GatewayHttpTest {
    @RegisterExtension
    static final TestGateway GATEWAY = new TestGateway();

    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/openai/v1", ""})
    void everyBasePathServesTheSame(String base) throws Exception {
        assertThat(GATEWAY.json(GATEWAY.get(base + "/models")).at("/data/0/id").asText())
                .isEqualTo("base");
        assertThat(GATEWAY.json(GATEWAY.get(base + "/models/pirate"))
                        .get("parent")
                        .asText())
                .isEqualTo("base");
        assertThat(GATEWAY.json(GATEWAY.post(base + "/chat/completions", TestGateway.chat("")))
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo("Hello");
    }

    @Test
    void conversationIsAnswered() throws Exception {
        HttpResponse<String> response = GATEWAY.post("/v1/chat/completions", TestGateway.chat(""));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode body = GATEWAY.json(response);
        assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("Hello");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(6);
        assertThat(response.headers().firstValue("x-request-id").orElseThrow()).startsWith("req_");
        assertThat(response.headers().firstValue("openai-version")).contains("2020-10-01");
        assertThat(response.headers().firstValue("openai-processing-ms")).isPresent();
    }

    @Test
    void streamIsChosenByTheBodyAndNotByAccept() throws Exception {
        HttpResponse<String> response = GATEWAY.send(GATEWAY.request("/v1/chat/completions")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(TestGateway.chat(",\"stream\":true"))));

        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.body())
                .startsWith("data: {")
                .endsWith("data: [DONE]\n\n")
                .doesNotContain("\"error\"");
    }

    @Test
    void wholeAnswerIsGivenToAClientThatAcceptsEvents() throws Exception {
        HttpResponse<String> response = GATEWAY.send(GATEWAY.request("/v1/chat/completions")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(TestGateway.chat(""))));

        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("application/json");
        assertThat(GATEWAY.json(response).get("object").asText()).isEqualTo("chat.completion");
    }

    @Test
    void modelIsFoundByUrlWhateverItsNameHolds() throws Exception {
        assertThat(GATEWAY.json(GATEWAY.get("/v1/models/base:pirate"))
                        .at("/adapter/id")
                        .asText())
                .isEqualTo(GATEWAY.adapter().id());
        assertThat(GATEWAY.json(GATEWAY.get("/v1/models/no/such"))
                        .at("/error/message")
                        .asText())
                .contains("'no/such'");
    }

    @Test
    void loraxClientIsAnsweredInItsOwnShape() throws Exception {
        String body = "{\"inputs\":\"hi\",\"parameters\":{\"adapter_id\":\"pirate\",\"details\":true}}";

        HttpResponse<String> generate = GATEWAY.post("/generate", body);
        assertThat(GATEWAY.json(generate).get("generated_text").asText()).isEqualTo("Hello");
        assertThat(GATEWAY.json(generate).at("/details/finish_reason").asText()).isEqualTo("eos_token");
        assertThat(generate.headers().firstValue("x-adapter-id")).contains("pirate");
        assertThat(generate.headers().firstValue("x-generated-tokens")).contains("6");
        assertThat(GATEWAY.json(GATEWAY.post("/", body)).at("/0/generated_text").asText())
                .isEqualTo("Hello");
        assertThat(GATEWAY.post("/generate_stream", body).body()).contains("\"generated_text\":\"Hello\"");
        assertThat(GATEWAY.post("/", body.replaceFirst("\\{", "{\"stream\":true,"))
                        .body())
                .startsWith("data: {\"token\"");
        assertThat(GATEWAY.json(GATEWAY.get("/info")).get("model_id").asText()).isEqualTo("base");
    }
}
