package org.llmfactory.evaluation.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.rest.Json;

final class KilledRunTest {
    private static final int ROWS = 20;

    private final EvaluationSite site = new EvaluationSite();

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void anotherAgentGoesOnAndEachRowCountsOnce() throws Exception {
        ScriptedCompletions doomed = new ScriptedCompletions('B');
        Semaphore gate = doomed.gate(7);
        Measurements killed = site.agent(doomed);
        Run run = order(killed);
        await().until(() -> killed.evaluations().items(run.id()).size() == 7);
        killed.drop();
        gate.release(ROWS);

        ScriptedCompletions healthy = new ScriptedCompletions('B');
        Measurements heir = site.agent(healthy);
        Run ended = site.awaitEnd(heir, run.id());

        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        assertThat(heir.evaluations().items(run.id()))
                .extracting(Graded::number)
                .doesNotHaveDuplicates()
                .hasSize(ROWS);
        assertThat(ended.tally().counts().path("passed").asInt()).isEqualTo(ROWS);
        assertThat(healthy.asked).hasSize(ROWS - 7);
        JsonNode usage = ended.tally().usage().get(0);
        assertThat(usage.path("invocation_count").asInt()).isEqualTo(ROWS);
        assertThat(site.store.list(run.prefix())).hasSize(ROWS + 1);
    }

    @Test
    void agentThatStopsLeavesTheRestToOthersAtOnce() throws Exception {
        ScriptedCompletions stopping = new ScriptedCompletions('B');
        stopping.gate(3);
        Measurements stopped = site.agent(stopping, Duration.ofHours(1));
        Run run = order(stopped);
        await().until(() -> stopped.evaluations().items(run.id()).size() == 3);

        stopped.close();
        Run ended = site.awaitEnd(site.agent(new ScriptedCompletions('B')), run.id());

        assertThat(ended.tally().counts().path("passed").asInt()).isEqualTo(ROWS);
    }

    private static Run order(Measurements agent) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        document.putArray("testing_criteria")
                .addObject()
                .put("type", "string_check")
                .put("name", "same")
                .put("operation", "eq")
                .put("input", "{{sample.output_text}}")
                .put("reference", "{{item.text}}");
        Evaluation evaluation =
                agent.evaluations().create(InMemoryAuthenticator.USER, "test", document, Actor.system());
        ObjectNode request = Json.MAPPER.createObjectNode();
        ObjectNode source =
                request.putObject("data_source").put("type", "completions").put("model", "parrot");
        source.putObject("input_messages").put("type", "item_reference").put("item_reference", "item.messages");
        ArrayNode rows = source.putObject("source").put("type", "file_content").putArray("content");
        for (int i = 0; i < ROWS; i++) {
            ObjectNode item = rows.addObject().putObject("item").put("text", "text " + i);
            item.putArray("messages").addObject().put("role", "user").put("content", "text " + i);
        }
        Run run = agent.evaluations().order(evaluation, InMemoryAuthenticator.USER, "run", request, Actor.system());
        agent.wake();
        return run;
    }
}
