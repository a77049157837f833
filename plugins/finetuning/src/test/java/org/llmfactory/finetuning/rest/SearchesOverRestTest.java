package org.llmfactory.finetuning.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.training.testing.TrainingScript;
import org.llmfactory.finetuning.work.FineTuning;
import org.llmfactory.finetuning.work.TrainingSite;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.Pagination;

final class SearchesOverRestTest {
    private static final SecurityContext USER = JobsOverRestTest.security(InMemoryAuthenticator.USER);
    private static final SecurityContext COLLEAGUE =
            JobsOverRestTest.security(InMemoryAuthenticator.user("user-2", Caller.DEFAULT_PROJECT, ProjectRole.MEMBER));
    private static final SecurityContext OUTSIDER =
            JobsOverRestTest.security(InMemoryAuthenticator.user("user-4", "proj_other", ProjectRole.OWNER));

    @TempDir
    Path folder;

    private TrainingSite site;
    private FineTuning tuning;
    private SearchesResource searches;

    @BeforeEach
    void start() {
        site = new TrainingSite(folder);
        site.projects.put(ProjectSettings.defaults("proj_other"));
        tuning = site.agent();
        searches = new SearchesResource(tuning);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private ObjectNode order() {
        ObjectNode order = Json.MAPPER
                .createObjectNode()
                .put("trials", 3)
                .put("parallel", 2)
                .put("seed", 5);
        order.putObject("job")
                .put("model", "tiny")
                .put("training_file", site.file().id())
                .put("validation_file", site.file().id());
        ArrayNode parameters = order.putArray("parameters");
        parameters
                .addObject()
                .put("name", "learning_rate")
                .put("low", 1e-5)
                .put("high", 1e-2)
                .put("scale", "log");
        parameters.addObject().put("name", "n_epochs").put("low", 1).put("high", 4);
        parameters
                .addObject()
                .put("name", "schedule")
                .putArray("values")
                .add("linear")
                .add("cosine");
        return order;
    }

    @Test
    void aSearchIsShownWithItsTrialsAndItsBest() {
        tuning.addTrainer(site.trainer(TrainingScript.of(2, 1)));
        ObjectNode created = searches.create(USER, order());
        String id = created.path("id").asText();
        assertThat(created.path("status").asText()).isEqualTo("running");
        assertThat(created.path("algorithm").asText()).isEqualTo("tpe");
        assertThat(created.path("best").isNull()).isTrue();
        assertThat(created.path("parameters").path(2).path("values").path(0).asText())
                .isEqualTo("linear");

        await().atMost(TrainingSite.DEADLINE)
                .until(() -> searches.get(COLLEAGUE, id).path("status").asText().equals("succeeded"));

        ObjectNode ended = searches.get(COLLEAGUE, id);
        assertThat(ended.path("trial_counts").path("done").asInt()).isEqualTo(3);
        assertThat(ended.path("best").path("fine_tuned_model").asText()).startsWith("ft:tiny:");
        assertThat(ended.path("best").path("valid_loss").asDouble()).isEqualTo(1);
        Pagination.Page<ObjectNode> trials = searches.trials(USER, id, null, "2");
        assertThat(trials.hasMore()).isTrue();
        assertThat(searches.trials(USER, id, trials.lastId(), null).data()).hasSize(1);
        JsonNode values = trials.data().get(0).path("values");
        assertThat(values.path("learning_rate").asDouble()).isBetween(1e-5, 1e-2);
        assertThat(values.path("n_epochs").isIntegralNumber()).isTrue();
        assertThat(values.path("schedule").asText()).isIn("linear", "cosine");
        assertThat(searches.list(USER, null, null).data()).hasSize(1);
        assertCode(ErrorCode.CONFLICT, () -> searches.cancel(USER, id));
    }

    @Test
    void othersSeeNothingAndCancelNothing() {
        String id = searches.create(USER, order()).path("id").asText();

        assertThat(searches.list(OUTSIDER, null, null).data()).isEmpty();
        assertCode(ErrorCode.NOT_FOUND, () -> searches.get(OUTSIDER, id));
        assertCode(ErrorCode.NOT_FOUND, () -> searches.trials(OUTSIDER, id, null, null));
        assertCode(ErrorCode.NOT_FOUND, () -> searches.cancel(OUTSIDER, id));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> searches.cancel(COLLEAGUE, id));
        assertThat(searches.cancel(USER, id).path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void whatMeansNothingIsRefusedWithItsPlace() {
        refused("Missing required parameter: 'job'", order -> order.remove("job"));
        refused("job.validation_file", order -> job(order).remove("validation_file"));
        refused("no file", order -> job(order).put("training_file", "file-none"));
        refused("at least one thing", order -> order.putArray("parameters"));
        refused("algorithm", order -> order.put("algorithm", "grid"));
        refused("pruning", order -> order.put("pruning", "hyperband"));
        refused("trials", order -> order.put("trials", 0));
        refused("expected one of n_epochs", order -> parameter(order, 0).put("name", "optimizer"));
        refused(
                "twice",
                order -> parameter(order, 1)
                        .put("name", "learning_rate")
                        .put("low", 0.1)
                        .put("high", 0.2));
        refused("below the greatest", order -> parameter(order, 0).put("low", 0.1));
        refused("high", order -> parameter(order, 0).put("high", 2));
        refused("high", order -> parameter(order, 0).remove("high"));
        refused("whole steps", order -> parameter(order, 1).put("step", 0.5));
        refused("scale", order -> parameter(order, 0).put("scale", "square"));
        refused(
                "'constant', 'linear'",
                order -> parameter(order, 2).putArray("values").add("zigzag"));
        refused("nothing to choose from", order -> parameter(order, 2).putArray("values"));
        refused("whole numbers", order -> parameter(order, 1).putArray("values").add(1.5));
        assertThat(tuning.jobs().list(Caller.DEFAULT_PROJECT)).isEmpty();
    }

    private static ObjectNode job(ObjectNode order) {
        return (ObjectNode) order.get("job");
    }

    private static ObjectNode parameter(ObjectNode order, int place) {
        return (ObjectNode) order.get("parameters").get(place);
    }

    private void refused(String words, Consumer<ObjectNode> change) {
        ObjectNode order = order();
        change.accept(order);
        assertThatThrownBy(() -> searches.create(USER, order))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining(words);
    }

    private static void assertCode(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
