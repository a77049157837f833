package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.agent.Tracked;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** Evaluations: how good a model or an adapter is. */
@Command(
        name = "eval",
        description = "Evaluations on the running agent: how good a model or an adapter is.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory eval run medqa.jsonl --model SmolLM2-135M-Instruct --by multiple_choice",
            "  ./factory eval run held-out.jsonl --model pirate --by loss",
            "  ./factory adapter card pirate"
        })
final class EvalCommand extends AdminCommand {
    private static final String PATH = "/v1/evals";
    private static final Duration PATIENCE = Duration.ofDays(1);

    @Command(name = "run", description = "Measure a model on the rows of a file, and wait for the figures.")
    int run(
            @Parameters(paramLabel = "FILE", description = "JSON lines: questions with choices, or conversations.")
                    Path file,
            @Option(names = "--model", paramLabel = "MODEL", required = true, description = "Model, preset or adapter.")
                    String model,
            @Option(
                            names = "--by",
                            paramLabel = "MEASURE",
                            required = true,
                            description = "multiple_choice (share of questions answered right) or loss (of a token).")
                    String measure,
            @Option(names = "--chat", description = "Ask questions by the model's chat template.") boolean chat,
            @Option(names = "--name", description = "What the evaluation is called; the file's name otherwise.")
                    @Nullable
                    String name,
            @Mixin ProjectOption project)
            throws InterruptedException {
        if (!List.of("multiple_choice", "loss").contains(measure)) {
            throw wrongly("--by takes multiple_choice or loss.");
        }
        AgentClient agent = project.of(admin()).agent();
        String rows = evaluations(project).upload(file).path("id").asText();
        String eval = agent.post(
                        PATH,
                        Map.of(
                                "name",
                                name == null ? String.valueOf(file.getFileName()) : name,
                                "data_source_config",
                                Map.of("type", "custom", "item_schema", Map.of("type", "object")),
                                "testing_criteria",
                                List.of(Map.of("type", measure, "name", measure))))
                .path("id")
                .asText();
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("type", "likelihood");
        source.put("model", model);
        source.put("format", chat ? "chat" : "text");
        source.put("source", Map.of("type", "file_id", "id", rows));
        Tracked runs = new Tracked(agent, PATH + "/" + eval + "/runs", "run");
        String id = runs.create(Map.of("data_source", source)).path("id").asText();
        terminal().say("Measuring " + model + ": " + eval + ", " + id);
        JsonNode ended = runs.untilDone(
                id,
                PATIENCE,
                new Progress(
                        terminal(),
                        "row",
                        "/result_counts/total",
                        "/result_counts/passed",
                        "/result_counts/failed",
                        "/result_counts/errored"));
        return done(figures(ended, measure), ended);
    }

    private static String figures(JsonNode run, String measure) {
        JsonNode counts = run.path("result_counts");
        String errors = counts.path("errored").asInt() == 0
                ? ""
                : ", " + counts.path("errored").asInt() + " rows could not be measured";
        if (measure.equals("loss")) {
            JsonNode likelihood = run.at("/llm_factory/likelihood");
            return String.format(
                            Locale.ROOT,
                            "Loss %.4f, perplexity %.3f over %d tokens",
                            likelihood.path("loss").asDouble(),
                            likelihood.path("perplexity").asDouble(),
                            likelihood.path("tokens").asLong())
                    + errors;
        }
        JsonNode criterion = run.at("/per_testing_criteria_results/0");
        int right = criterion.path("passed").asInt();
        return String.format(
                        Locale.ROOT,
                        "%d of %d right, %s",
                        right,
                        right + criterion.path("failed").asInt(),
                        share(criterion.path("pass_rate")))
                + errors;
    }

    /** A share with its interval. */
    static String share(JsonNode share) {
        return String.format(
                Locale.ROOT,
                "%.1f %% (95 %%: %.1f to %.1f)",
                100 * share.path("value").asDouble(),
                100 * share.at("/interval_95/0").asDouble(),
                100 * share.at("/interval_95/1").asDouble());
    }

    @Command(name = "list", description = "List the evaluations.")
    int list(@Mixin ProjectOption project) throws InterruptedException {
        return list(evaluations(project).list(), "id", "name", "created_at");
    }

    @Command(name = "runs", description = "List the runs of an evaluation.")
    int runs(
            @Parameters(paramLabel = "EVAL", description = "The evaluation's id.") String id,
            @Mixin ProjectOption project)
            throws InterruptedException {
        return list(evaluations(project).get(id, "runs"), "id", "status", "model", "created_at");
    }

    @Command(name = "show", description = "Show a run with its figures.")
    int show(
            @Parameters(paramLabel = "EVAL", description = "The evaluation's id.") String eval,
            @Parameters(paramLabel = "RUN", description = "The run's id.") String run,
            @Mixin ProjectOption project)
            throws InterruptedException {
        return show(new Tracked(project.of(admin()).agent(), PATH + "/" + eval + "/runs", "run").get(run));
    }

    @Command(name = "delete", description = "Delete an evaluation with all its runs.")
    int delete(
            @Parameters(paramLabel = "EVAL", description = "The evaluation's id.") String id,
            @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Deleted " + id, evaluations(project).delete(id));
    }

    private Tracked evaluations(ProjectOption project) throws InterruptedException {
        return new Tracked(project.of(admin()).agent(), PATH, "evaluation");
    }
}
