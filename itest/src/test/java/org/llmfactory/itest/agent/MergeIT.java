package org.llmfactory.itest.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llmfactory.launcher.agent.Adapters;

/** A merged adapter is one like others, and says what the mix of its sources says. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class MergeIT {
    private final Platform platform;

    MergeIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void aMergeIsRegisteredAndAnswersAsTheMixDoes() throws Exception {
        String added = added("adapter-a");
        Map<String, Object> source = Map.of("id", added, "weight", 1);
        String name = Platform.unique("merged");

        // Weights and scale are powers of two, so that an engine of bfloat16 rounds the merge as it rounds the mix.
        JsonNode merged = ApiClient.accepted(platform.administrator()
                .post(
                        "/v1/adapters/merge",
                        Map.of("name", name, "strategy", "cat", "adapters", List.of(source, source))));

        JsonNode registered = ApiClient.accepted(platform.administrator().get("/v1/adapters/" + name));
        assertThat(merged).isEqualTo(registered);
        assertThat(merged.path("rank").intValue()).isEqualTo(8);
        Map<String, Object> mix = Map.of("adapters", List.of(Map.of("id", added, "weight", 2)));
        assertThat(said(name, Map.of()))
                .isEqualTo(said(RunningAgent.MODEL, mix))
                .isNotEqualTo(said(RunningAgent.MODEL, Map.of()));
    }

    @Test
    void aModelIsNoFineTunedVersionOfItself() throws Exception {
        HttpResponse<String> answer = platform.administrator()
                .post(
                        "/v1/adapters/extract",
                        Map.of("name", "nothing", "base", RunningAgent.MODEL, "model", RunningAgent.MODEL, "rank", 4));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(ApiClient.json(answer).at("/error/code").asText()).isEqualTo("invalid_file");
    }

    private String added(String fixture) throws InterruptedException {
        String name = Platform.unique(fixture);
        new Adapters(platform.agent().agent().client())
                .add(name, RunningAgent.MODEL, RunningAgent.fixture().resolve(fixture));
        return name;
    }

    private String said(String model, Map<String, Object> more) throws Exception {
        Map<String, Object> body = new HashMap<>(more);
        body.put("model", model);
        body.put("temperature", 0);
        body.put("max_tokens", 8);
        body.put("messages", List.of(Map.of("role", "user", "content", "Say something.")));
        return ApiClient.accepted(platform.administrator().post("/v1/chat/completions", body))
                .at("/choices/0/message/content")
                .asText();
    }
}
