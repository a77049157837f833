package org.llmfactory.itest.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.itest.agent.SharedAgent;

/** Models are measured by real engines, and what was found stands on the adapter's card. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class EvaluationIT {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final String QUESTIONS = """
            {"question": "Which is a fruit?", "options": {"A": "stone", "B": "pear", "C": "car"}, "answer_idx": "B"}
            {"question": "Which barks?", "opa": "dog", "opb": "cat", "opc": "cow", "opd": "hen", "cop": 0}
            """;

    private final Tuner tuner;
    private final ApiClient api;

    EvaluationIT(Platform platform) throws Exception {
        String key = platform.serviceAccount(platform.project("measuring")).value();
        this.tuner = new Tuner(platform.sdk(key));
        this.api = ApiClient.anonymous(platform.agent().url()).withKey(key);
    }

    @Test
    void trainingShowsInHeldOutLossAndOnTheCard() throws Exception {
        String file = tuner.upload("cow.jsonl", Tuner.conversations(8)).id();
        FineTuningJob done =
                tuner.awaitEnd(tuner.start(Tuner.order(file, 10, 2, 0.02)).id());
        String model = done.fineTunedModel().orElseThrow();
        String eval = evaluation(Map.of("type", "loss", "name", "loss"));

        JsonNode base = run(eval, likelihood(RunningAgent.MODEL, file));
        JsonNode adapter = run(eval, likelihood(model, file));

        assertThat(base.at("/result_counts/passed").asInt()).isEqualTo(8);
        assertThat(loss(adapter)).isPositive().isLessThan(0.8 * loss(base));
        assertThat(adapter.at("/llm_factory/likelihood/tokens").asLong())
                .isEqualTo(base.at("/llm_factory/likelihood/tokens").asLong());
        String id = adapter.at("/llm_factory/adapters/0/id").asText();
        JsonNode card = ApiClient.accepted(api.get("/v1/adapters/" + id + "/card"));
        assertThat(card.at("/training/job").asText()).isEqualTo(done.id());
        assertThat(card.at("/evaluations/newest/0/run_id").asText())
                .isEqualTo(adapter.path("id").asText());
        assertThat(card.at("/evaluations/newest/0/likelihood/loss").asDouble()).isEqualTo(loss(adapter));
    }

    @Test
    void choicesAreWhatTheModelsOwnLogProbabilitiesSay() throws Exception {
        String file = upload(QUESTIONS);
        String eval = evaluation(Map.of("type", "multiple_choice", "name", "accuracy"));

        JsonNode run = run(eval, likelihood(RunningAgent.MODEL, file));

        JsonNode items = ApiClient.accepted(
                api.get("/v1/evals/" + eval + "/runs/" + run.path("id").asText() + "/output_items"));
        JsonNode sample = items.at("/data/0/sample");
        String prompt = sample.at("/input/0/content").asText();
        assertThat(prompt).startsWith("Question: Which is a fruit?").endsWith("Answer:");
        for (JsonNode choice : sample.path("choices")) {
            JsonNode answer = ApiClient.accepted(api.post(
                    "/v1/completions",
                    Map.of(
                            "model",
                            RunningAgent.MODEL,
                            "prompt",
                            prompt + " " + choice.path("label").asText(),
                            "echo",
                            true,
                            "logprobs",
                            0,
                            "max_tokens",
                            0)));
            JsonNode logprobs = answer.at("/choices/0/logprobs");
            double sum = 0;
            for (int i = 0; i < logprobs.path("text_offset").size(); i++) {
                if (logprobs.at("/text_offset/" + i).asInt() >= prompt.length()) {
                    sum += logprobs.at("/token_logprobs/" + i).asDouble();
                }
            }
            assertThat(choice.path("logprob").asDouble()).isCloseTo(sum, within(1e-3));
        }
        assertThat(run.at("/per_testing_criteria_results/0/pass_rate/interval_95"))
                .hasSize(2);
    }

    @Test
    void mixtureThatWasFoundAnswersAsAPreset() throws Exception {
        String file = tuner.upload("cow.jsonl", Tuner.conversations(8)).id();
        FineTuningJob done =
                tuner.awaitEnd(tuner.start(Tuner.order(file, 4, 2, 0.02)).id());
        String adapter = "cow-" + done.id().substring("ftjob-".length());
        Map<String, Object> order = Map.of(
                "model",
                RunningAgent.MODEL,
                "adapters",
                List.of(Map.of("id", adapter), Map.of("id", adapter + "-ckpt-step-16", "low", -1)),
                "validation_files",
                List.of(upload(QUESTIONS)),
                "test_files",
                List.of(upload("{\"question\": \"Which swims?\", \"choices\": [\"fish\", \"fig\"], \"answer\": 0}")),
                "trials",
                5,
                "objective",
                "loss",
                "preset",
                "melt");

        String path = "/v1/mixtures/searches";
        String id = ApiClient.accepted(api.post(path, order)).path("id").asText();
        JsonNode ended = ended(path + "/" + id);

        assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("completed");
        assertThat(ended.at("/report/test/questions").asInt()).isEqualTo(1);
        assertThat(ended.at("/report/test/mixture/interval_95")).hasSize(2);
        JsonNode trials =
                ApiClient.accepted(api.get(path + "/" + id + "/trials")).path("data");
        assertThat(trials).hasSize(5);
        JsonNode preset =
                ApiClient.accepted(api.get("/v1/presets/" + ended.path("preset").asText()));
        assertThat(preset.at("/adapters/1/weight").floatValue())
                .isEqualTo(
                        ended.at("/best/weights/" + adapter + "-ckpt-step-16").floatValue());
        assertThat(tuner.ask("melt")).isNotEmpty().isEqualTo(tuner.ask("melt@1"));
    }

    @Test
    void modelThatIsNotThereFailsTheRunWithItsReason() throws Exception {
        JsonNode run = run(evaluation(Map.of("type", "loss", "name", "loss")), likelihood("nobody", upload(QUESTIONS)));

        assertThat(run.path("status").asText()).isEqualTo("failed");
        assertThat(run.at("/error/code").asText()).isEqualTo("model_not_found");
    }

    private String upload(String rows) {
        return tuner.upload("questions.jsonl", rows, FilePurpose.USER_DATA).id();
    }

    private String evaluation(Map<String, Object> criterion) throws Exception {
        return ApiClient.accepted(api.post(
                        "/v1/evals",
                        Map.of(
                                "name",
                                "held out",
                                "data_source_config",
                                Map.of("type", "custom", "item_schema", Map.of("type", "object")),
                                "testing_criteria",
                                List.of(criterion))))
                .path("id")
                .asText();
    }

    private static Map<String, Object> likelihood(String model, String file) {
        return Map.of("type", "likelihood", "model", model, "source", Map.of("type", "file_id", "id", file));
    }

    private JsonNode run(String eval, Map<String, Object> source) throws Exception {
        String path = "/v1/evals/" + eval + "/runs";
        String id = ApiClient.accepted(api.post(path, Map.of("data_source", source)))
                .path("id")
                .asText();
        return ended(path + "/" + id);
    }

    private JsonNode ended(String path) throws Exception {
        return await().atMost(DEADLINE)
                .until(
                        () -> ApiClient.accepted(api.get(path)),
                        now -> List.of("completed", "failed")
                                .contains(now.path("status").asText()));
    }

    private static double loss(JsonNode run) {
        return run.at("/llm_factory/likelihood/loss").asDouble();
    }
}
