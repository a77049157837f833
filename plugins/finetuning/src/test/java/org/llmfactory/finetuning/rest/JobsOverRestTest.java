package org.llmfactory.finetuning.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.ObjectMappers;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.ws.rs.core.MultivaluedHashMap;
import javax.ws.rs.core.MultivaluedMap;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriInfo;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.training.testing.TrainingScript;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.record.MlflowExport;
import org.llmfactory.finetuning.record.RunRecord;
import org.llmfactory.finetuning.work.FineTuning;
import org.llmfactory.finetuning.work.TrainingSite;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Endpoint;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.Pagination;

final class JobsOverRestTest {
    private static final SecurityContext USER = security(InMemoryAuthenticator.USER);
    private static final SecurityContext COLLEAGUE =
            security(InMemoryAuthenticator.user("user-2", Caller.DEFAULT_PROJECT, ProjectRole.MEMBER));
    private static final SecurityContext MAINTAINER =
            security(InMemoryAuthenticator.user("user-3", Caller.DEFAULT_PROJECT, ProjectRole.MAINTAINER));
    private static final SecurityContext OUTSIDER =
            security(InMemoryAuthenticator.user("user-4", "proj_other", ProjectRole.OWNER));

    @TempDir
    Path folder;

    private TrainingSite site;
    private FineTuning tuning;
    private JobsResource jobs;
    private JobResource parts;
    private RecordResource records;

    @BeforeEach
    void start() {
        site = new TrainingSite(folder);
        site.projects.put(ProjectSettings.defaults("proj_other"));
        tuning = site.agent();
        jobs = new JobsResource(tuning);
        parts = new JobResource(new KnownJobs(tuning.jobs()));
        records = new RecordResource(tuning);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void theOfficialClientReadsEverythingOfAJob() {
        tuning.addTrainer(site.trainer(TrainingScript.of(4, 2)));
        ObjectNode order = order().put("suffix", "My Haiku!")
                .put("validation_file", site.file().id())
                .put("seed", 7);
        order.putObject("metadata").put("team", "poets");
        ObjectNode created = jobs.create(USER, order);
        FineTuningJob job = valid(created, FineTuningJob.class, FineTuningJob::validate);
        assertThat(job.status().asString()).isEqualTo("validating_files");
        assertThat(created.path("hyperparameters").path("n_epochs").asText()).isEqualTo("auto");

        site.awaitStatus(tuning, job.id(), Status.SUCCEEDED);

        ObjectNode shown = parts.get(COLLEAGUE, job.id());
        FineTuningJob ended = valid(shown, FineTuningJob.class, FineTuningJob::validate);
        String id = job.id().substring("ftjob-".length());
        assertThat(ended.fineTunedModel()).contains("ft:tiny:org-llmfactory:my-haiku:" + id);
        assertThat(ended.trainedTokens()).contains(40L);
        assertThat(ended.resultFiles()).hasSize(1);
        assertThat(ended.finishedAt()).isPresent();
        assertThat(ended.seed()).isEqualTo(7);
        assertThat(shown.path("hyperparameters").path("n_epochs").asInt()).isEqualTo(25);
        assertThat(shown.path("llm_factory").path("learning_rate").asDouble()).isEqualTo(2e-4);

        Pagination.Page<ObjectNode> events = parts.events(USER, job.id(), null, null);
        assertThat(events.data()).allSatisfy(e -> valid(e, FineTuningJobEvent.class, FineTuningJobEvent::validate));
        assertThat(events.data().get(0).path("message").asText()).isEqualTo("The job has successfully completed");
        assertThat(events.data().stream().filter(e -> e.path("type").asText().equals("metrics")))
                .hasSize(4)
                .allSatisfy(e ->
                        assertThat(e.path("data").path("train_loss").isNumber()).isTrue());
        Pagination.Page<ObjectNode> first = parts.events(USER, job.id(), null, "2");
        assertThat(first.hasMore()).isTrue();
        assertThat(parts.events(USER, job.id(), first.lastId(), "1").data())
                .containsExactly(events.data().get(2));

        Pagination.Page<ObjectNode> checkpoints = parts.checkpoints(USER, job.id(), null, null);
        assertThat(checkpoints.data())
                .hasSize(2)
                .allSatisfy(c -> valid(c, FineTuningJobCheckpoint.class, FineTuningJobCheckpoint::validate));
        assertThat(checkpoints.data().get(0).path("fine_tuned_model_checkpoint").asText())
                .isEqualTo("ft:tiny:org-llmfactory:my-haiku:" + id + ":ckpt-step-4");
        assertThat(checkpoints
                        .data()
                        .get(0)
                        .path("metrics")
                        .path("full_valid_loss")
                        .isNumber())
                .isTrue();
    }

    @Test
    void aRunIsDoneAgainFromItsRecordAndComparedWithIt() {
        tuning.addTrainer(site.trainer(TrainingScript.of(4, 2)));
        ObjectNode order = order().put("suffix", "again")
                .put("seed", 7)
                .put("validation_file", site.file().id());
        order.putObject("llm_factory")
                .put("learning_rate", 0.003)
                .putObject("lora")
                .put("rank", 4);
        String id = created(order);
        site.awaitStatus(tuning, id, Status.SUCCEEDED);

        ObjectNode again = records.reproduce(COLLEAGUE, id);
        String other = again.path("id").asText();
        assertThat(again.at("/metadata/reproduces").asText()).isEqualTo(id);
        assertThat(again.at("/llm_factory/owner").asText()).isEqualTo("user-2");
        site.awaitStatus(tuning, other, Status.SUCCEEDED);

        String different = created(
                order().put("seed", 8).put("validation_file", site.file().id()));
        site.awaitStatus(tuning, different, Status.SUCCEEDED);
        ComparisonResource comparisons = new ComparisonResource(tuning.jobs());
        JsonNode same = comparisons.compare(USER, id + "," + other);
        assertThat(same.path("parameters"))
                .noneSatisfy(row -> assertThat(row.path("differs").asBoolean()).isTrue());
        assertThat(same.at("/jobs/1/curve/steps_of_both").asInt()).isEqualTo(4);
        assertThat(same.at("/jobs/1/curve/largest_difference").asDouble()).isZero();
        JsonNode differing = comparisons.compare(USER, id + ", " + different);
        assertThat(differing.path("parameters"))
                .filteredOn(row -> row.path("differs").asBoolean())
                .extracting(row -> row.path("name").asText())
                .contains("seed", "learning_rate", "lora.rank")
                .doesNotContain("training_digest", "base_model_digest");
        assertThat(differing.path("metrics"))
                .extracting(row -> row.path("name").asText())
                .contains("final_train_loss", "lowest_full_valid_loss", "trained_tokens", "seconds");
    }

    @Test
    void runThatCannotBeDoneAgainSaysWhy() {
        tuning.addTrainer(site.trainer(TrainingScript.of(2, 2)));
        String id = created(order());
        Job job = site.awaitStatus(tuning, id, Status.SUCCEEDED);
        site.files.delete(Caller.DEFAULT_PROJECT, job.request().trainingFile());
        tuning.removeModel(site.model);

        assertThatThrownBy(() -> records.reproduce(USER, id))
                .hasMessageContaining("the base model 'tiny' is gone")
                .hasMessageContaining("the file '" + job.request().trainingFile() + "' is gone");
        assertUnknown("ftjob-x", () -> records.reproduce(USER, "ftjob-x"));
        assertUnknown(id, () -> records.reproduce(OUTSIDER, id));
    }

    @Test
    void comparisonTakesJobsThatTheCallerMayRead() {
        ComparisonResource comparisons = new ComparisonResource(tuning.jobs());
        String id = created(order());

        assertCode(ErrorCode.INVALID_VALUE, () -> comparisons.compare(USER, null));
        assertCode(ErrorCode.INVALID_VALUE, () -> comparisons.compare(USER, id));
        assertUnknown(id, () -> comparisons.compare(OUTSIDER, id + "," + id));
        assertThat(comparisons
                        .compare(USER, id + "," + id)
                        .at("/jobs/1/curve/largest_difference")
                        .isNull())
                .isTrue();
    }

    /** As MLflow's file store has it; {@code src/test/fixtures/read_mlflow.py} lets MLflow itself read one. */
    @Test
    void exportHasMlflowsLayout() throws IOException {
        tuning.addTrainer(site.trainer(TrainingScript.of(4, 2)));
        String id = created(
                order().put("seed", 7).put("validation_file", site.file().id()));
        Job job = site.awaitStatus(tuning, id, Status.SUCCEEDED);

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MlflowExport(RunRecord.of(job, tuning.jobs())).write(out, records.record(job));

        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(
                        entry.getName()
                                .replaceFirst("^mlruns/\\d{18}/", "")
                                .replaceFirst("^0{16}[0-9a-f]{16}/", "run/"),
                        new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(files).containsKeys("meta.yaml", "run/meta.yaml", "run/artifacts/record.json");
        assertThat(files.get("run/params/seed")).isEqualTo("7");
        assertThat(files.get("run/metrics/train_loss").lines())
                .hasSize(4)
                .allMatch(line -> line.matches("\\d+ [-\\d.E]+ [1-4]"));
        assertThat(files.get("run/metrics/full_valid_loss").lines()).hasSize(2);
        assertThat(files.get("run/meta.yaml")).contains("status: 3", "run_name: \"" + id + "\"");
    }

    @Test
    void theRecordHoldsWhatItTakesToDoItAgain() {
        tuning.addTrainer(site.trainer(TrainingScript.of(2, 2)));
        String id = created(order());
        Job job = site.awaitStatus(tuning, id, Status.SUCCEEDED);

        AdapterInfo adapter = site.registry.find(job.name().adapterName()).get(0);
        TrainingSection section = new TrainingSection(tuning);
        assertThat(section.of(adapter, InMemoryAuthenticator.USER).orElseThrow())
                .containsEntry("job", id)
                .containsKeys("training_file", "hyperparameters", "trained_tokens", "metrics");
        assertThat(section.of(adapter, InMemoryAuthenticator.user("user-4", "proj_other", ProjectRole.OWNER)))
                .isEmpty();

        JsonNode record = records.record(job);

        assertThat(record.path("base_model_digest").asText())
                .isEqualTo(site.model.info().digest());
        assertThat(record.path("facts").path("data").path("digest").asText()).hasSize(64);
        assertThat(record.path("facts").path("environment").path("java").asText())
                .isEqualTo(System.getProperty("java.version"));
        assertThat(record.path("facts").path("hyperparameters").path("seed").isNumber())
                .isTrue();
        assertThat(record.path("curve")).hasSize(2);
        assertThat(record.path("checkpoints").path(0).path("adapter_digest").asText())
                .hasSize(64);
        assertThat(records.curve(job).lines()).hasSize(3);
        assertCode(ErrorCode.INVALID_VALUE, () -> records.record(USER, id, "xml"));
    }

    @Test
    void preferencesAreTrainedWithTheirOwnMethod() {
        ObjectNode order = order();
        order.putObject("method")
                .put("type", "dpo")
                .putObject("dpo")
                .putObject("hyperparameters")
                .put("beta", 0.3)
                .put("n_epochs", 2)
                .put("batch_size", "auto");
        ObjectNode created = jobs.create(USER, order);

        valid(created, FineTuningJob.class, FineTuningJob::validate);
        JsonNode shown = created.path("method").path("dpo").path("hyperparameters");
        assertThat(shown.path("beta").asDouble()).isEqualTo(0.3);
        assertThat(shown.path("n_epochs").asInt()).isEqualTo(2);
    }

    @Test
    void theExtensionSaysWhatOpenAiHasNoWordFor() {
        ObjectNode order = order();
        order.putObject("hyperparameters").put("n_epochs", 2).put("learning_rate_multiplier", 0.5);
        ObjectNode extension = order.putObject("llm_factory")
                .put("stage", "pt")
                .put("priority", 3)
                .put("schedule", "linear")
                .put("max_length", 64);
        extension
                .putObject("lora")
                .put("rank", 4)
                .put("dora", true)
                .putArray("target_modules")
                .add("q_proj");
        String id = created(order);
        site.awaitStatus(tuning, id, Status.QUEUED);

        JsonNode shown = parts.get(USER, id).path("llm_factory");

        assertThat(shown.path("stage").asText()).isEqualTo("pt");
        assertThat(shown.path("learning_rate").asDouble()).isEqualTo(1e-4);
        assertThat(shown.path("schedule").asText()).isEqualTo("linear");
        assertThat(shown.path("lora").path("rank").asInt()).isEqualTo(4);
        assertThat(shown.path("lora").path("alpha").asDouble()).isEqualTo(8);
        assertThat(shown.path("lora").path("target_modules")).hasSize(1);
    }

    @Test
    void jobsAreListedNewestFirstByPageAndByMetadata() {
        String first = created(order());
        ObjectNode labelled = order();
        labelled.putObject("metadata").put("team", "poets");
        String second = created(labelled);

        assertThat(jobs.list(COLLEAGUE, query(Map.of())).data())
                .extracting(job -> job.path("id").asText())
                .containsExactlyInAnyOrder(second, first);
        Pagination.Page<ObjectNode> page = jobs.list(USER, query(Map.of("limit", "1")));
        assertThat(page.hasMore()).isTrue();
        assertThat(jobs.list(USER, query(Map.of("after", String.valueOf(page.lastId()))))
                        .data())
                .hasSize(1);
        assertThat(jobs.list(USER, query(Map.of("metadata[team]", "poets"))).data())
                .extracting(job -> job.path("id").asText())
                .containsExactly(second);
        assertThat(jobs.list(OUTSIDER, query(Map.of())).data()).isEmpty();
    }

    @Test
    void aJobIsPausedResumedAndCancelled() {
        tuning.addTrainer(site.trainer(TrainingScript.of(2, 2).gated(new Semaphore(0))));
        String id = created(order());
        site.awaitStatus(tuning, id, Status.RUNNING);

        ObjectNode paused = parts.pause(USER, id);
        valid(paused, FineTuningJob.class, FineTuningJob::validate);
        assertThat(paused.path("llm_factory").path("paused").asBoolean()).isTrue();
        assertCode(ErrorCode.CONFLICT, () -> parts.pause(USER, id));
        assertThat(parts.resume(MAINTAINER, id)
                        .path("llm_factory")
                        .path("paused")
                        .asBoolean())
                .isFalse();
        assertCode(ErrorCode.CONFLICT, () -> parts.resume(USER, id));
        ObjectNode cancelled = parts.cancel(USER, id);
        valid(cancelled, FineTuningJob.class, FineTuningJob::validate);
        assertThat(cancelled.path("status").asText()).isEqualTo("cancelled");
        assertCode(ErrorCode.CONFLICT, () -> parts.cancel(USER, id));
        assertCode(ErrorCode.CONFLICT, () -> parts.resume(USER, id));
        assertThat(site.ledger.types())
                .containsSubsequence(
                        "fine_tuning.job.created",
                        "fine_tuning.job.paused",
                        "fine_tuning.job.resumed",
                        "fine_tuning.job.cancelled");
    }

    @Test
    void aJobIsItsOwnersAndTheMaintainersToManage() {
        String id = created(order());

        assertCode(ErrorCode.PERMISSION_DENIED, () -> parts.cancel(COLLEAGUE, id));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> parts.pause(COLLEAGUE, id));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> parts.resume(COLLEAGUE, id));
        for (String unknown : Set.of(id, "ftjob-none")) {
            assertUnknown(unknown, () -> parts.get(OUTSIDER, unknown));
            assertUnknown(unknown, () -> parts.cancel(OUTSIDER, unknown));
            assertUnknown(unknown, () -> parts.pause(OUTSIDER, unknown));
            assertUnknown(unknown, () -> parts.resume(OUTSIDER, unknown));
            assertUnknown(unknown, () -> parts.events(OUTSIDER, unknown, null, null));
            assertUnknown(unknown, () -> parts.checkpoints(OUTSIDER, unknown, null, null));
            assertUnknown(unknown, () -> records.record(OUTSIDER, unknown, null));
        }
        assertThat(parts.cancel(MAINTAINER, id).path("status").asText()).isEqualTo("cancelled");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'model':null} | MISSING_PARAMETER | model",
                "{'model':'other'} | MODEL_NOT_FOUND | model",
                "{'model':5} | INVALID_TYPE | model",
                "{'training_file':null} | MISSING_PARAMETER | training_file",
                "{'training_file':'file-99'} | INVALID_VALUE | training_file",
                "{'validation_file':'file-99'} | INVALID_VALUE | validation_file",
                "{'seed':-1} | INVALID_VALUE | seed",
                "{'integrations':[{'type':'wandb'}]} | UNSUPPORTED_PARAMETER | integrations",
                "{'method':{'type':'reinforcement'}} | UNSUPPORTED_PARAMETER | method.type",
                "{'method':{'type':'magic'}} | INVALID_VALUE | method.type",
                "{'hyperparameters':{'n_epochs':51}} | INVALID_VALUE | hyperparameters.n_epochs",
                "{'hyperparameters':{'batch_size':'many'}} | INVALID_TYPE | hyperparameters.batch_size",
                "{'hyperparameters':{'learning_rate_multiplier':0}} | INVALID_VALUE |"
                        + " hyperparameters.learning_rate_multiplier",
                "{'llm_factory':{'stage':'dpo'}} | INVALID_VALUE | llm_factory.stage",
                "{'llm_factory':{'schedule':'step'}} | INVALID_VALUE | llm_factory.schedule",
                "{'llm_factory':{'max_length':5000}} | INVALID_VALUE | llm_factory.max_length",
                "{'llm_factory':{'lora':{'rank':0}}} | INVALID_VALUE | llm_factory.lora.rank",
                "{'llm_factory':{'lora':{'target_modules':['x']}}} | INVALID_VALUE | llm_factory.lora.target_modules",
                "{'metadata':{'a':5}} | INVALID_TYPE | metadata.a"
            })
    void whatCannotBeDoneIsRefusedByName(String change, ErrorCode code, String parameter) throws IOException {
        ObjectNode order = order();
        order.setAll((ObjectNode) Json.MAPPER.readTree(change.replace('\'', '"')));

        assertThatThrownBy(() -> jobs.create(USER, order)).isInstanceOfSatisfying(FactoryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.parameter()).contains(parameter);
        });
    }

    @Test
    void aSuffixHasALimitAndAFileAPurpose() {
        assertCode(ErrorCode.INVALID_VALUE, () -> jobs.create(USER, order().put("suffix", "a".repeat(65))));
        String other = site.files
                .add(
                        new FileCatalog.Label(Caller.DEFAULT_PROJECT, "user-1", "a.jsonl", "assistants"),
                        InputStream.nullInputStream())
                .id();
        assertCode(ErrorCode.INVALID_VALUE, () -> jobs.create(USER, order().put("training_file", other)));
        assertCode(ErrorCode.INVALID_VALUE, () -> jobs.create(OUTSIDER, order()));
    }

    @Test
    void withoutFilesNothingIsOrdered() {
        ObjectNode order = order();
        tuning.unsetFiles(site.files);

        assertCode(ErrorCode.OVERLOADED, () -> jobs.create(USER, order));
    }

    @Test
    void anEmptyFileFailsTheJob() {
        String empty = site.files
                .add(
                        new FileCatalog.Label(Caller.DEFAULT_PROJECT, "user-1", "a.jsonl", "fine-tune"),
                        InputStream.nullInputStream())
                .id();
        String id = created(order().put("training_file", empty));
        site.awaitStatus(tuning, id, Status.FAILED);

        FineTuningJob failed = valid(parts.get(USER, id), FineTuningJob.class, FineTuningJob::validate);

        assertThat(failed.error().orElseThrow().message()).isEqualTo("The training file is empty.");
        assertThat(failed.error().orElseThrow().param()).contains("training_file");
        assertThat(failed.error().orElseThrow().code()).isEqualTo("invalid_file");
    }

    @Test
    void everyEndpointHasItsRule() {
        assertThat(new FineTuningApplication(tuning).endpoints())
                .hasSize(16)
                .extracting(Endpoint::toString)
                .doesNotContainNull();
    }

    private ObjectNode order() {
        return Json.MAPPER
                .createObjectNode()
                .put("model", "tiny")
                .put("training_file", site.file().id());
    }

    private String created(ObjectNode order) {
        return jobs.create(USER, order).path("id").asText();
    }

    private static UriInfo query(Map<String, String> parameters) {
        MultivaluedMap<String, String> all = new MultivaluedHashMap<>();
        parameters.forEach(all::putSingle);
        return (UriInfo) Proxy.newProxyInstance(
                UriInfo.class.getClassLoader(), new Class<?>[] {UriInfo.class}, (proxy, method, arguments) -> all);
    }

    private static <T> T valid(Object answer, Class<T> type, Function<T, T> validate) {
        try {
            return validate.apply(ObjectMappers.jsonMapper().readValue(Json.write(answer), type));
        } catch (IOException failure) {
            throw new AssertionError("not a " + type, failure);
        }
    }

    static SecurityContext security(Caller caller) {
        return Callers.securityContext(caller, "127.0.0.1", false);
    }

    private static void assertUnknown(String id, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessage("No job '" + id + "', or you do not have access to it.");
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
