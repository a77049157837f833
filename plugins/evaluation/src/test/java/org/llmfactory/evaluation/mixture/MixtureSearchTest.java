package org.llmfactory.evaluation.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.project.Preset;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.run.EvaluationSite;
import org.llmfactory.evaluation.run.Status;
import org.llmfactory.rest.Json;

final class MixtureSearchTest {
    private static final int QUESTIONS = 40;

    private final EvaluationSite site = new EvaluationSite();

    @AfterEach
    void stop() {
        site.close();
    }

    private String file(int from) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < QUESTIONS; i++) {
            rows.append(WeighedCompletions.question(from + i, i * 100 / QUESTIONS, (char) ('A' + i % 4)))
                    .append('\n');
        }
        return site.file(rows.toString()).id();
    }

    private ObjectNode request(String validation, String test) {
        ObjectNode request = Json.MAPPER
                .createObjectNode()
                .put("model", "base")
                .put("trials", 40)
                .put("seed", 7)
                .put("objective", "loss")
                .put("preset", "melt");
        request.putArray("adapters").addObject().put("id", "one");
        request.withArray("adapters").addObject().put("id", "two").put("low", -1);
        request.putArray("validation_files").add(validation);
        request.putArray("test_files").add(test);
        return request;
    }

    private MixtureSearch order(Measurements agent, ObjectNode request) {
        MixtureSearch search = agent.mixtures().create(InMemoryAuthenticator.USER, request, Actor.system());
        agent.wake();
        return search;
    }

    private MixtureSearch end(Measurements agent, MixtureSearch search) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> agent.mixtures()
                        .find(search.id())
                        .orElseThrow()
                        .status()
                        .isEnd());
        return agent.mixtures().find(search.id()).orElseThrow();
    }

    @Test
    void goodWeightsAreFoundReportedAndSavedAsTheyWereUsed() {
        Measurements agent = site.agent(new WeighedCompletions());

        MixtureSearch ended = end(agent, order(agent, request(file(0), file(100))));

        assertThat(ended.error()).isNull();
        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        List<MixtureTrial> trials = agent.mixtures().trials(ended.id());
        assertThat(trials).hasSize(40);
        assertThat(trials.get(0).weights()).containsEntry("one", 1f).containsEntry("two", 0f);
        assertThat(trials.get(1).weights()).containsEntry("one", 0f).containsEntry("two", 1f);
        MixtureTrial best =
                MixtureTrial.best(trials, MixtureRequest.Objective.LOSS).orElseThrow();
        assertThat(best.weights().get("one")).isCloseTo(0.7f, within(0.25f));
        assertThat(best.weights().get("two")).isCloseTo(-0.4f, within(0.25f));

        JsonNode test = ended.report().path("test");
        assertThat(test.path("questions").asInt()).isEqualTo(QUESTIONS);
        double base = test.at("/base/value").asDouble();
        double mixture = test.at("/mixture/value").asDouble();
        assertThat(mixture)
                .isGreaterThan(base + 0.3)
                .isGreaterThan(test.at("/adapters/one/value").asDouble());
        assertThat(test.at("/mixture/interval_95/0").asDouble()).isLessThan(mixture);
        assertThat(test.at("/mixture/interval_95/1").asDouble()).isGreaterThanOrEqualTo(mixture);
        assertThat(test.at("/mixture_against_base/only_mixture").asInt())
                .isEqualTo((int) Math.round((mixture - base) * QUESTIONS));
        assertThat(test.at("/mixture_against_base/p_value").asDouble()).isLessThan(0.01);
        assertThat(test.path("files")).hasSize(1);

        Preset preset = site.presets.find(InMemoryAuthenticator.USER, "melt").orElseThrow();
        assertThat(preset.id()).isEqualTo(ended.preset());
        assertThat(preset.adapters())
                .containsExactly(
                        new Preset.Part("one", best.weights().get("one")),
                        new Preset.Part("two", best.weights().get("two")));
        assertThat(site.ledger.types()).contains("mixture.search.created", "mixture.search.completed");
    }

    @Test
    void anotherAgentGoesOnWithTheSameSearch() {
        String validation = file(0);
        String test = file(100);
        Measurements whole = site.agent(new WeighedCompletions());
        ObjectNode request = request(validation, test).put("trials", 12);
        request.remove("preset");
        MixtureSearch expected = end(whole, order(whole, request));
        whole.close();
        WeighedCompletions doomed = new WeighedCompletions();
        doomed.gate(5 * QUESTIONS + 3);
        Measurements killed = site.agent(doomed);
        MixtureSearch search = order(killed, request);
        await().until(() -> killed.mixtures().trials(search.id()).size() == 5);
        killed.drop();

        WeighedCompletions heir = new WeighedCompletions();
        MixtureSearch ended = end(site.agent(heir), search);

        assertThat(ended.report()).isEqualTo(expected.report());
        assertThat(whole.mixtures().trials(ended.id()))
                .isEqualTo(whole.mixtures().trials(expected.id()));
        assertThat(heir.asked).hasValue((7 + 4) * QUESTIONS);
    }

    @Test
    void questionsThatWeightsWereChosenByCannotJudgeThem() {
        Measurements agent = site.agent(new WeighedCompletions());

        MixtureSearch ended = end(agent, order(agent, request(file(0), file(QUESTIONS - 2))));

        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        MixtureSearch shared = end(agent, order(agent, request(file(0), file(0))));
        assertThat(shared.status()).isEqualTo(Status.FAILED);
        assertThat(String.valueOf(shared.error())).contains("share " + QUESTIONS + " questions");
    }

    @Test
    void presetWhoseNameIsTakenFailsTheSearchWithTheReason() {
        Measurements agent = site.agent(new WeighedCompletions());
        site.presets.create(InMemoryAuthenticator.USER, "melt", "base", List.of());

        MixtureSearch ended =
                end(agent, order(agent, request(file(0), file(100)).put("trials", 3)));

        assertThat(ended.status()).isEqualTo(Status.FAILED);
        assertThat(String.valueOf(ended.error())).contains("taken");
    }

    @Test
    void rowThatIsNoQuestionIsNamed() {
        Measurements agent = site.agent(new WeighedCompletions());
        String bad = site.file("{\"question\":\"?\",\"answer\":1}").id();

        MixtureSearch ended = end(agent, order(agent, request(bad, file(100))));

        assertThat(String.valueOf(ended.error())).contains("Row 1 of '" + bad + "' has no choices");
    }
}
