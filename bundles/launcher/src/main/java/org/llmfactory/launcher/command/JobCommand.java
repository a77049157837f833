package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.agent.TrainingJobs;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** Fine-tuning jobs: adapters from data. */
@Command(
        name = "job",
        description = "Fine-tuning jobs of the running agent: adapters from data.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory job create samples/adapters/data/pirate.jsonl --model SmolLM2-135M-Instruct --suffix pirate --wait",
            "  ./factory job list",
            "  ./factory job checkpoints ftjob-0123456789abcdef"
        })
final class JobCommand extends AdminCommand {
    private static final String JOB = "JOB";
    private static final String ID = "Its id.";
    private static final Duration PATIENCE = Duration.ofDays(7);

    /** How a job is to be done; what is left out is decided by the agent. */
    static final class How {
        @Option(names = "--suffix", description = "Part of the result's name.")
        @Nullable
        String suffix;

        @Option(names = "--validation", paramLabel = "FILE", description = "Data to measure on, which is not learnt.")
        @Nullable
        Path validation;

        @Option(
                names = "--stage",
                description = "sft (conversations, the default), dpo (pairs of answers) or pt (text).")
        String stage = "sft";

        @Option(names = "--epochs", description = "Passes over the data.")
        @Nullable
        Integer epochs;

        @Option(names = "--batch-size", description = "Examples of a step.")
        @Nullable
        Integer batchSize;

        @Option(names = "--learning-rate-multiplier", description = "Of the usual learning rate.")
        @Nullable
        Double multiplier;

        @Option(names = "--seed", description = "The same seed and data give the same adapter.")
        @Nullable
        Long seed;

        private Fields order(String model, String training, @Nullable String measured) {
            Fields hyperparameters = new Fields()
                    .put("n_epochs", epochs)
                    .put("batch_size", batchSize)
                    .put("learning_rate_multiplier", multiplier);
            String type = stage.equals("dpo") ? "dpo" : "supervised";
            return new Fields()
                    .put("model", model)
                    .put("training_file", training)
                    .put("method", Map.of("type", type, type, Map.of("hyperparameters", hyperparameters.map())))
                    .put("validation_file", measured)
                    .put("suffix", suffix)
                    .put("seed", seed)
                    .put("llm_factory", stage.equals("pt") ? Map.of("stage", "pt") : null);
        }
    }

    @Command(name = "create", description = "Upload data and order a job that trains an adapter on it.")
    int create(
            @Parameters(paramLabel = "FILE", description = "JSON lines of conversations, or what --stage says.")
                    Path file,
            @Option(names = "--model", paramLabel = "MODEL", required = true, description = "The base model's id.")
                    String model,
            @Mixin How how,
            @Option(names = "--wait", description = "Wait for the end and tell how it comes along.") boolean wait,
            @Mixin ProjectOption project)
            throws InterruptedException {
        TrainingJobs jobs = jobs(project);
        String training = jobs.upload(file).path("id").asText();
        @Nullable
        String validation = how.validation == null
                ? null
                : jobs.upload(how.validation).path("id").asText();
        JsonNode job = jobs.create(how.order(model, training, validation).map());
        String id = job.path("id").asText();
        if (!wait) {
            return done("Ordered " + id, job);
        }
        terminal().say("Ordered " + id);
        JsonNode ended = new JobWatch(jobs, terminal()).untilDone(id, PATIENCE);
        return done("Trained " + ended.path("fine_tuned_model").asText(), ended);
    }

    @Command(name = "list", description = "List the jobs, newest first.")
    int list(@Mixin ProjectOption project) throws InterruptedException {
        return list(jobs(project).list(), "id", "status", "model", "fine_tuned_model");
    }

    @Command(name = "show", description = "Show a job.")
    int show(@Parameters(paramLabel = JOB, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return show(jobs(project).get(id));
    }

    @Command(name = "events", description = "Show what happened to a job, newest first.")
    int events(@Parameters(paramLabel = JOB, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return list(jobs(project).events(id), "created_at", "level", "message");
    }

    @Command(name = "checkpoints", description = "List a job's checkpoints, each of which can be used as a model.")
    int checkpoints(@Parameters(paramLabel = JOB, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return list(jobs(project).checkpoints(id), "step_number", "fine_tuned_model_checkpoint");
    }

    @Command(name = "cancel", description = "End a job; its checkpoints stay.")
    int cancel(@Parameters(paramLabel = JOB, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Cancelled " + id, jobs(project).act(id, "cancel"));
    }

    @Command(name = "pause", description = "Halt a job where it is.")
    int pause(@Parameters(paramLabel = JOB, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Paused " + id, jobs(project).act(id, "pause"));
    }

    @Command(name = "resume", description = "Let a paused job go on.")
    int resume(@Parameters(paramLabel = JOB, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Resumed " + id, jobs(project).act(id, "resume"));
    }

    @Command(name = "compare", description = "Show where jobs differ, and what came of each.")
    int compare(
            @Parameters(paramLabel = JOB, arity = "2..20", description = "Their ids.") List<String> ids,
            @Mixin ProjectOption project)
            throws InterruptedException {
        JsonNode comparison = jobs(project).compare(ids);
        List<String> lines = new ArrayList<>();
        for (String table : List.of("parameters", "environment", "metrics")) {
            for (JsonNode row : comparison.path(table)) {
                if (row.path("differs").asBoolean() || table.equals("metrics")) {
                    lines.add(row.path("name").asText() + ": " + values(row));
                }
            }
        }
        return show(lines, comparison);
    }

    private static String values(JsonNode row) {
        List<String> values = new ArrayList<>();
        row.path("values").forEach(value -> values.add(value.isNull() ? "-" : value.asText()));
        return String.join(" | ", values);
    }

    @Command(name = "reproduce", description = "Do a run again from its record, as a job of its own.")
    int reproduce(
            @Parameters(paramLabel = JOB, description = ID) String id,
            @Option(names = "--wait", description = "Wait for the end and tell how it comes along.") boolean wait,
            @Mixin ProjectOption project)
            throws InterruptedException {
        TrainingJobs jobs = jobs(project);
        JsonNode again = jobs.reproduce(id);
        String other = again.path("id").asText();
        if (!wait) {
            return done("Ordered " + other, again);
        }
        terminal().say("Ordered " + other);
        return done("Trained it again", new JobWatch(jobs, terminal()).untilDone(other, PATIENCE));
    }

    @Command(name = "export", description = "Write a job's record to a file.")
    int export(
            @Parameters(paramLabel = JOB, description = ID) String id,
            @Parameters(paramLabel = "FILE", description = "Where to; an older one is replaced.") Path file,
            @Option(names = "--format", description = "json (the default), csv, or mlflow for a zip of MLflow's files.")
                    @Nullable
                    String format,
            @Mixin ProjectOption project)
            throws InterruptedException {
        jobs(project).export(id, format == null ? "json" : format, file);
        return done("Wrote " + file, Terminal.JSON.valueToTree(Map.of("file", file.toString())));
    }

    private TrainingJobs jobs(ProjectOption project) throws InterruptedException {
        return new TrainingJobs(project.of(admin()).agent());
    }
}
