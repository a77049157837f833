package org.llmfactory.evaluation.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.ObjectMappers;
import com.openai.models.evals.EvalCreateResponse;
import com.openai.models.evals.EvalListResponse;
import com.openai.models.evals.runs.RunCreateResponse;
import com.openai.models.evals.runs.RunRetrieveResponse;
import com.openai.models.evals.runs.outputitems.OutputItemListResponse;
import com.openai.models.finetuning.alpha.graders.GraderRunResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import javax.ws.rs.core.SecurityContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.run.EvaluationSite;
import org.llmfactory.evaluation.run.Run;
import org.llmfactory.evaluation.run.ScriptedCompletions;
import org.llmfactory.evaluation.run.Status;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Endpoint;
import org.llmfactory.rest.Json;

final class EvaluationsOverRestTest {
    private static final SecurityContext USER = security(InMemoryAuthenticator.USER);
    private static final SecurityContext COLLEAGUE =
            security(InMemoryAuthenticator.user("user-2", Caller.DEFAULT_PROJECT, ProjectRole.MEMBER));
    private static final SecurityContext VIEWER =
            security(InMemoryAuthenticator.user("user-3", Caller.DEFAULT_PROJECT, ProjectRole.VIEWER));
    private static final SecurityContext OUTSIDER =
            security(InMemoryAuthenticator.user("user-4", "proj_other", ProjectRole.OWNER));
    private static final String EXACT =
            "{'type':'string_check','name':'exact','input':'{{sample.output_text}}','operation':'eq','reference':'{{item.answer}}'}";
    private static final String PARROT = "{'type':'completions','model':'parrot','source':%s,"
            + "'input_messages':{'type':'template','template':[{'role':'system','content':'Repeat.'},{'role':'user','content':'{{item.question}}'}]}}";
    private static final String ROWS = "{'type':'file_content','content':[{'item':{'question':'a','answer':'a'}},"
            + "{'item':{'question':'b','answer':'c'}},{'item':{'question':'d','answer':'d'}}]}";

    private final EvaluationSite site = new EvaluationSite();
    private final ScriptedCompletions models = new ScriptedCompletions('B');
    private final Measurements agent = site.agent(models);
    private final EvaluationsResource evaluations = new EvaluationsResource(agent);
    private final EvaluationResource one = new EvaluationResource(agent);
    private final RunsResource runs = new RunsResource(agent);
    private final RunResource run = new RunResource(agent);

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void theOfficialClientReadsEverything() {
        ObjectNode made = evaluation(EXACT);
        EvalCreateResponse evaluation = valid(made, EvalCreateResponse.class, EvalCreateResponse::validate);
        ObjectNode queued = order(made, PARROT.formatted(ROWS));
        valid(queued, RunCreateResponse.class, RunCreateResponse::validate);
        assertThat(queued.path("status").asText()).isEqualTo("queued");

        Run ended = end(queued);

        ObjectNode shown = run.get(COLLEAGUE, evaluation.id(), ended.id());
        RunRetrieveResponse read = valid(shown, RunRetrieveResponse.class, RunRetrieveResponse::validate);
        assertThat(read.status()).isEqualTo("completed");
        assertThat(read.resultCounts().total()).isEqualTo(3);
        assertThat(read.resultCounts().passed()).isEqualTo(2);
        assertThat(read.resultCounts().failed()).isEqualTo(1);
        assertThat(read.perModelUsage().get(0).modelName()).isEqualTo("parrot");
        assertThat(read.perModelUsage().get(0).invocationCount()).isEqualTo(3);
        assertThat(read.perModelUsage().get(0).cachedTokens()).isEqualTo(6);
        assertThat(shown.at("/per_testing_criteria_results/0/pass_rate/interval_95/0")
                        .asDouble())
                .isCloseTo(0.20766, within(1e-5));
        List<ObjectNode> items = run.items(USER, evaluation.id(), ended.id(), null, null, null, null)
                .data();
        assertThat(items)
                .hasSize(3)
                .allSatisfy(item -> valid(item, OutputItemListResponse.class, OutputItemListResponse::validate));
        assertThat(items.get(1).path("status").asText()).isEqualTo("fail");
        assertThat(items.get(1).at("/sample/output/0/content").asText()).isEqualTo("b");
        assertThat(items.get(1).at("/datasource_item/answer").asText()).isEqualTo("c");
        assertThat(run.item(
                        USER,
                        evaluation.id(),
                        ended.id(),
                        items.get(1).path("id").asText()))
                .isEqualTo(items.get(1));
        assertThat(run.items(USER, evaluation.id(), ended.id(), null, null, null, "fail")
                        .data())
                .containsExactly(items.get(1));
        assertThat(evaluations.list(USER, null, null, null, null).data())
                .hasSize(1)
                .allSatisfy(each -> valid(each, EvalListResponse.class, EvalListResponse::validate));
        assertThat(models.asked.get(0).at("/messages/0/role").asText()).isEqualTo("system");
        assertThat(models.callers).allSatisfy(caller -> assertThat(caller.id()).isEqualTo("user-1"));
    }

    @Test
    void multipleChoiceIsDecidedByLikelihood() {
        String rows = site.file("""
                        {"question": "1?", "opa": "x", "opb": "y", "cop": 1}
                        {"question": "2?", "options": {"A": "x", "B": "y"}, "answer_idx": "A"}
                        """).id();
        for (String format : List.of("text", "chat")) {
            Run ended = end(order(
                    evaluation("{'type':'multiple_choice','name':'accuracy'},{'type':'loss','name':'loss'}"),
                    "{'type':'likelihood','model':'adapter-1','format':'" + format
                            + "','source':{'type':'file_id','id':'" + rows + "'}}"));

            assertThat(ended.status()).isEqualTo(Status.COMPLETED);
            JsonNode criteria = ended.tally().criteria();
            assertThat(criteria.at("/0/passed").asInt()).as(format).isEqualTo(1);
            assertThat(criteria.at("/0/failed").asInt()).isEqualTo(1);
            assertThat(criteria.at("/1/passed").asInt()).isEqualTo(2);
            assertThat(agent.evaluations().of("d".repeat(64), Caller.DEFAULT_PROJECT))
                    .extracting(measured -> measured.run().id())
                    .contains(ended.id());
        }
        assertThat(new EvaluationsSection(agent)
                        .of(adapter(Caller.DEFAULT_PROJECT), InMemoryAuthenticator.USER)
                        .orElseThrow()
                        .toString())
                .contains("testing_criteria=accuracy", "passed=1");
        assertThat(new EvaluationsSection(agent)
                        .of(
                                adapter(Caller.DEFAULT_PROJECT),
                                InMemoryAuthenticator.user("x", "proj_other", ProjectRole.OWNER)))
                .isEmpty();
        assertThat(models.asked.stream().filter(request -> request.has("prompt")))
                .hasSize(2);
        assertThat(models.asked.stream().filter(request -> request.has("messages")))
                .hasSize(4);
    }

    @Test
    void heldOutLossIsTheMeanOverAllTokens() {
        String rows = "{'type':'file_content','content':["
                + "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'BBxx'}]},"
                + "{'prompt':'abc','completion':'Bx'},{'text':'aBB'}]}";
        Run ended = end(order(
                evaluation("{'type':'loss','name':'low','pass_threshold':1.5}"),
                "{'type':'likelihood','model':'base','source':" + rows + "}"));

        JsonNode likelihood = ended.tally().likelihood().orElseThrow();
        assertThat(likelihood.path("tokens").asInt()).isEqualTo(8);
        assertThat(likelihood.path("loss").asDouble()).isCloseTo((8 + 4 + 2) / 8.0, within(1e-9));
        assertThat(ended.tally().counts().path("passed").asInt()).isEqualTo(1);
    }

    @Test
    void answersThatAreThereAreGraded() {
        String given = "{'type':'jsonl','source':{'type':'file_content','content':["
                + "{'item':{'answer':'Paris'},'sample':{'output_text':'paris, of course'}},"
                + "{'item':{'answer':'Rome'},'sample':{'output_text':'Milan'}},{'item':{'answer':'x'}}]}}";
        Run ended = end(order(
                evaluation("{'type':'string_check','name':'has','input':'{{sample.output_text}}','operation':'ilike',"
                        + "'reference':'{{item.answer}}'},{'type':'text_similarity','name':'like','input':"
                        + "'{{sample.output_text}}','reference':'{{item.answer}}','evaluation_metric':'fuzzy_match',"
                        + "'pass_threshold':0.1}"),
                given));

        assertThat(ended.tally().counts().toString())
                .isEqualTo("{\"total\":3,\"errored\":1,\"failed\":1,\"passed\":1}");
        ObjectNode errored = run.items(USER, ended.evaluation(), ended.id(), null, null, null, "error")
                .data()
                .get(0);
        assertThat(errored.at("/sample/error/message").asText()).contains("sample.output_text");
        assertThat(models.asked).isEmpty();
    }

    @Test
    void modelsGradeToo() {
        Run ended = end(order(
                evaluation("{'type':'label_model','name':'label','model':'judge','labels':['no','B'],"
                        + "'passing_labels':['B'],'input':[{'role':'user','content':'{{sample.output_text}}'}]},"
                        + "{'type':'score_model','name':'score','model':'parrot','range':[0,10],'pass_threshold':5,"
                        + "'input':[{'role':'user','content':[{'type':'input_text','text':'of 10: 7'}]}]}"),
                PARROT.formatted(ROWS)));

        assertThat(ended.tally().counts().path("passed").asInt()).isEqualTo(3);
        ObjectNode item = run.items(USER, ended.evaluation(), ended.id(), null, null, null, null)
                .data()
                .get(0);
        assertThat(item.at("/results/1/sample/choices/0/message/content").asText())
                .isEqualTo("of 10: 7");
        assertThat(agent.evaluations().items(ended.id()).toString())
                .contains("score")
                .doesNotContain("of 10");
        assertThat(ended.request().toString()).doesNotContain("answer");
        assertThat(ended.tally().criteria().at("/1/mean_score").asDouble()).isEqualTo(7);
        assertThat(ended.tally().usage())
                .extracting(usage -> usage.path("model_name").asText())
                .containsExactly("judge", "parrot");
    }

    @Test
    void whatIsRefusedForAMomentIsAskedAgain() {
        models.fail(
                FactoryException.retryLater(ErrorCode.RATE_LIMITED, Duration.ofMillis(1), "Slower."),
                FactoryException.retryLater(ErrorCode.OVERLOADED, Duration.ofMillis(1), "Later."));

        Run ended = end(order(evaluation(EXACT), PARROT.formatted(ROWS)));

        assertThat(ended.tally().counts().path("errored").asInt()).isZero();
        assertThat(models.asked).hasSize(3);
    }

    @Test
    void rowThatCannotBeAskedIsCountedAndTheRestGoesOn() {
        models.fail(new FactoryException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "Too long."));

        Run ended = end(order(evaluation(EXACT), PARROT.formatted(ROWS)));

        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        assertThat(ended.tally().counts().path("errored").asInt()).isEqualTo(1);
    }

    @Test
    void whatConcernsAllRowsFailsTheRun() {
        models.fail(new FactoryException(ErrorCode.MODEL_NOT_FOUND, "There is no model 'parrot'."));

        ObjectNode ordered = order(evaluation(EXACT), PARROT.formatted(ROWS));
        end(ordered);

        JsonNode shown = run.get(
                USER, ordered.path("eval_id").asText(), ordered.path("id").asText());
        assertThat(shown.path("status").asText()).isEqualTo("failed");
        assertThat(shown.at("/error/code").asText()).isEqualTo("model_not_found");
        assertThat(shown.at("/error/message").asText()).isEqualTo("There is no model 'parrot'.");
    }

    @Test
    void badFileFailsTheRunWithItsRow() {
        String rows = site.file("{\"item\":{}} [1]").id();

        Run ended = end(order(evaluation(EXACT), "{'type':'jsonl','source':{'type':'file_id','id':'" + rows + "'}}"));

        assertThat(String.valueOf(ended.error())).contains("invalid_file").contains("Row 2");
    }

    @Test
    void nobodyWorksForOneWhoHasLeft() {
        site.directory.leave("user-1", Caller.DEFAULT_PROJECT);

        Run ended = end(order(evaluation(EXACT), PARROT.formatted(ROWS)));

        assertThat(String.valueOf(ended.error())).contains("insufficient_permissions");
        assertThat(models.asked).isEmpty();
    }

    @Test
    void canceledRunKeepsWhatItHas() {
        models.gate(1);
        ObjectNode ordered = order(evaluation(EXACT), PARROT.formatted(ROWS));
        String eval = ordered.path("eval_id").asText();
        String id = ordered.path("id").asText();
        await().until(() -> agent.evaluations().items(id).size() == 1);

        ObjectNode canceled = run.cancel(USER, eval, id);

        assertThat(canceled.path("status").asText()).isEqualTo("canceled");
        assertThat(canceled.at("/result_counts/total").asInt()).isEqualTo(3);
        assertThat(run.items(USER, eval, id, null, null, null, null).data()).hasSize(1);
        refused(ErrorCode.CONFLICT, () -> run.cancel(USER, eval, id));
    }

    @Test
    void deletedEvaluationLeavesNothing() throws Exception {
        ObjectNode made = evaluation(EXACT);
        Run ended = end(order(made, PARROT.formatted(ROWS)));
        String eval = made.path("id").asText();
        assertThat(site.store.list("projects/" + Caller.DEFAULT_PROJECT + "/evaluations"))
                .hasSize(4);

        refused(ErrorCode.PERMISSION_DENIED, () -> one.delete(COLLEAGUE, eval));
        assertThat(one.delete(USER, eval).path("object").asText()).isEqualTo("eval.deleted");

        assertThat(site.store.list("projects/" + Caller.DEFAULT_PROJECT + "/evaluations"))
                .isEmpty();
        refused(ErrorCode.NOT_FOUND, () -> one.get(USER, eval));
        refused(ErrorCode.NOT_FOUND, () -> run.get(USER, eval, ended.id()));
        assertThat(site.ledger.types()).contains("evaluation.created", "evaluation.run.created", "evaluation.deleted");
    }

    @Test
    void nameAndMetadataChange() {
        String eval = evaluation(EXACT).path("id").asText();

        ObjectNode changed = one.update(USER, eval, json("{'name':'better','metadata':{'a':'b'}}"));

        assertThat(changed.path("name").asText()).isEqualTo("better");
        assertThat(changed.at("/metadata/a").asText()).isEqualTo("b");
        assertThat(changed.path("testing_criteria")).hasSize(1);
    }

    @Test
    void othersSeeNothingAndViewersNoData() {
        ObjectNode made = evaluation(EXACT);
        ObjectNode ordered = order(made, PARROT.formatted(ROWS));
        end(ordered);
        String eval = made.path("id").asText();
        String id = ordered.path("id").asText();

        refused(ErrorCode.NOT_FOUND, () -> one.get(OUTSIDER, eval));
        refused(ErrorCode.NOT_FOUND, () -> run.get(OUTSIDER, eval, id));
        assertThat(evaluations.list(OUTSIDER, null, null, null, null).data()).isEmpty();
        assertThat(run.get(VIEWER, eval, id).path("status").asText()).isEqualTo("completed");
        refused(ErrorCode.PERMISSION_DENIED, () -> run.items(VIEWER, eval, id, null, null, null, null));
        refused(
                ErrorCode.NOT_FOUND,
                () -> run.get(USER, evaluation(EXACT).path("id").asText(), id));
    }

    @Test
    void whatIsRefusedChangesNothing() {
        refused(ErrorCode.MISSING_PARAMETER, () -> evaluations.create(USER, json("{}")));
        refused(
                ErrorCode.UNSUPPORTED_PARAMETER,
                () -> evaluations.create(USER, json("{'data_source_config':{'type':'logs'},'testing_criteria':[]}")));
        refused(ErrorCode.INVALID_VALUE, () -> evaluation("{'type':'x','name':'n'}"));
        assertThat(site.ledger.events()).isEmpty();
        String eval = evaluation(EXACT).path("id").asText();

        refused(
                ErrorCode.INVALID_VALUE,
                () -> runs.create(
                        USER,
                        eval,
                        json("{'data_source':{'type':'jsonl','source':{'type':'file_id','id':'file-x'}}}")));
        refused(ErrorCode.MISSING_PARAMETER, () -> runs.create(USER, eval, json("{}")));
        assertThat(runs.list(USER, eval, null, null, null, null).data()).isEmpty();
    }

    @Test
    void criterionIsTriedOnOneAnswer() throws InterruptedException {
        GradersResource graders = new GradersResource(agent);
        ObjectNode body = json("{'grader':" + EXACT + ",'item':{'answer':'yes'},'model_sample':'yes'}");

        assertThat(graders.validate(body).at("/grader/name").asText()).isEqualTo("exact");
        ObjectNode exact = graders.run(USER, body);
        valid(exact, GraderRunResponse.class, GraderRunResponse::validate);
        assertThat(exact.path("reward").asDouble()).isEqualTo(1);
        assertThat(exact.at("/metadata/token_usage").isNull()).isTrue();

        ObjectNode judged = graders.run(
                USER,
                json("{'grader':{'type':'score_model','name':'mark','model':'parrot','input':[{'role':'user',"
                        + "'content':'{{sample.output_json.mark}}'}]},'model_sample':'{\\u0022mark\\u0022: 0.75}'}"));
        valid(judged, GraderRunResponse.class, GraderRunResponse::validate);
        assertThat(judged.path("reward").asDouble()).isEqualTo(0.75);
        assertThat(judged.at("/metadata/sampled_model_name").asText()).isEqualTo("parrot");
    }

    @Test
    void whatGoesWrongInGradingIsPartOfTheResult() throws InterruptedException {
        GradersResource graders = new GradersResource(agent);
        ObjectNode unknown = graders.run(USER, json("{'grader':" + EXACT + ",'item':{},'model_sample':'yes'}"));
        assertThat(unknown.at("/metadata/errors/invalid_variable_error").asBoolean())
                .isTrue();

        models.fail(FactoryException.retryLater(ErrorCode.OVERLOADED, Duration.ofMinutes(1), "Busy."));
        ObjectNode busy = graders.run(
                USER,
                json("{'grader':{'type':'score_model','name':'mark','model':'parrot','input':[{'role':'user',"
                        + "'content':'1'}]},'model_sample':'x'}"));
        valid(busy, GraderRunResponse.class, GraderRunResponse::validate);
        assertThat(busy.at("/metadata/errors/model_grader_server_error").asBoolean())
                .isTrue();
        assertThat(busy.at("/metadata/errors/model_grader_server_error_details").asText())
                .isEqualTo("Busy.");
        refused(ErrorCode.MISSING_PARAMETER, () -> graders.run(USER, json("{}")));
        assertThat(new GradersApplication(agent).endpoints()).hasSize(2);
    }

    @Test
    void mixtureIsOrderedFollowedAndCanceled() {
        MixturesResource mixtures = new MixturesResource(agent);
        models.gate(0);
        String rows = "{\"question\":\"1?\",\"options\":[\"x\",\"y\"],\"answer\":1}";
        String order = "{'model':'m','adapters':[{'id':'a'}],'validation_files':['%s'],'test_files':['%s'],'trials':3}"
                .formatted(
                        site.file(rows).id(),
                        site.file(rows.replace("1?", "2?")).id());
        refused(ErrorCode.INVALID_VALUE, () -> mixtures.create(OUTSIDER, json(order)));
        ObjectNode made = mixtures.create(USER, json(order));
        String id = made.path("id").asText();

        assertThat(made.at("/trial_counts/total").asInt()).isEqualTo(3);
        assertThat(made.path("report").isNull()).isTrue();
        assertThat(mixtures.list(COLLEAGUE, null, null).data())
                .extracting(search -> search.path("id").asText())
                .containsExactly(id);
        assertThat(mixtures.list(OUTSIDER, null, null).data()).isEmpty();
        assertThat(mixtures.trials(USER, id, null, null).data()).isEmpty();
        refused(ErrorCode.NOT_FOUND, () -> mixtures.get(OUTSIDER, id));
        refused(ErrorCode.PERMISSION_DENIED, () -> mixtures.cancel(COLLEAGUE, id));
        assertThat(mixtures.cancel(USER, id).path("status").asText()).isEqualTo("canceled");
        refused(ErrorCode.CONFLICT, () -> mixtures.cancel(USER, id));
        assertThat(mixtures.get(USER, id).path("finished_at").isNumber()).isTrue();
        assertThat(new MixtureApplication(agent).endpoints()).hasSize(5);
    }

    @Test
    void everyEndpointHasARule() {
        assertThat(new EvaluationApplication(agent).endpoints())
                .extracting(Endpoint::method)
                .hasSize(12);
    }

    private ObjectNode evaluation(String criteria) {
        return (ObjectNode) evaluations
                .create(
                        USER,
                        json("{'name':'test','data_source_config':{'type':'custom','item_schema':{'type':'object',"
                                + "'properties':{}}},'testing_criteria':[" + criteria + "]}"))
                .getEntity();
    }

    private ObjectNode order(ObjectNode evaluation, String source) {
        return (ObjectNode) runs.create(USER, evaluation.path("id").asText(), json("{'data_source':" + source + "}"))
                .getEntity();
    }

    private static AdapterInfo adapter(String project) {
        return new AdapterInfo(
                "id",
                "adapter-1",
                project,
                "user-1",
                Visibility.PRIVATE,
                "d".repeat(64),
                "base",
                "b",
                8,
                Set.of("q_proj"),
                1,
                Instant.EPOCH);
    }

    private Run end(ObjectNode ordered) {
        return site.awaitEnd(agent, ordered.path("id").asText());
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** The client takes no null for an error, though OpenAI sends one where there is none. */
    private static <T> T valid(ObjectNode shown, Class<T> type, Function<T, T> validate) {
        ObjectNode json = shown.deepCopy();
        for (JsonNode holder : List.of(json, json.path("sample"))) {
            if (holder.path("error").isNull()) {
                ((ObjectNode) holder).putObject("error").put("code", "").put("message", "");
            }
        }
        try {
            return validate.apply(ObjectMappers.jsonMapper().readValue(json.toString(), type));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    private static SecurityContext security(Caller caller) {
        return Callers.securityContext(caller, "10.0.0.1", true);
    }
}
