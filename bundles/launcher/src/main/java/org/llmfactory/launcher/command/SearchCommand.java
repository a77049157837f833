package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.agent.Tracked;
import org.llmfactory.launcher.agent.TrainingJobs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** Searches for hyperparameters: many jobs, of which the best stays. */
@Command(
        name = "search",
        description = "Searches on the running agent for the hyperparameters of a fine-tuning job.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory search create train.jsonl --validation dev.jsonl --model SmolLM2-135M-Instruct \\",
            "      --vary learning_rate=1e-5..1e-2:log --vary lora.rank=4,8,16 --trials 12 --prune --wait"
        })
final class SearchCommand extends AdminCommand {
    private static final String PATH = "/v1/fine_tuning/searches";
    private static final String SEARCH = "SEARCH";
    private static final String ID = "Its id.";
    private static final Duration PATIENCE = Duration.ofDays(7);
    private static final Pattern RANGE = Pattern.compile("(.+)\\.\\.([^:]+)(:log)?");

    /** How it is searched; what is left out is decided by the agent. */
    static final class How {
        @Option(
                names = "--vary",
                paramLabel = "NAME=VALUES",
                required = true,
                description = "What to search for: LOW..HIGH, LOW..HIGH:log, or values parted by commas.")
        List<String> varied = new ArrayList<>();

        @Option(names = "--trials", description = "How many jobs.")
        @Nullable
        Integer trials;

        @Option(names = "--parallel", description = "How many at a time.")
        @Nullable
        Integer parallel;

        @Option(names = "--seed", description = "The same seed tries the same values.")
        @Nullable
        Long seed;

        @Option(names = "--algorithm", description = "tpe (the default) or random.")
        @Nullable
        String algorithm;

        @Option(names = "--prune", description = "Stop jobs early that do worse than others.")
        boolean prune;

        private Fields order(Fields job) {
            return new Fields()
                    .put("job", job.map())
                    .put("parameters", varied.stream().map(How::parameter).toList())
                    .put("pruning", prune ? "successive_halving" : "none")
                    .put("trials", trials)
                    .put("parallel", parallel)
                    .put("seed", seed)
                    .put("algorithm", algorithm);
        }

        private static Map<String, Object> parameter(String written) {
            int equals = written.indexOf('=');
            Map<String, Object> parameter = new LinkedHashMap<>();
            parameter.put("name", equals < 0 ? written : written.substring(0, equals));
            String values = equals < 0 ? "" : written.substring(equals + 1);
            Matcher range = RANGE.matcher(values);
            if (range.matches()) {
                parameter.put("low", value(range.group(1)));
                parameter.put("high", value(range.group(2)));
                if (range.group(3) != null) {
                    parameter.put("scale", "log");
                }
            } else {
                parameter.put(
                        "values",
                        values.isEmpty()
                                ? List.of()
                                : Arrays.stream(values.split(",", -1))
                                        .map(How::value)
                                        .toList());
            }
            return parameter;
        }

        private static Object value(String written) {
            try {
                return written.matches("-?\\d+") ? (Object) Long.valueOf(written) : Double.valueOf(written);
            } catch (NumberFormatException word) {
                return written;
            }
        }
    }

    @Command(name = "create", description = "Upload data and search for the job that learns it best.")
    int create(
            @Parameters(paramLabel = "FILE", description = "JSON lines of conversations.") Path file,
            @Option(
                            names = "--validation",
                            paramLabel = "FILE",
                            required = true,
                            description = "Data to compare by, which is not learnt.")
                    Path validation,
            @Option(names = "--model", paramLabel = "MODEL", required = true, description = "The base model's id.")
                    String model,
            @Option(names = "--suffix", description = "Part of the result's name.") @Nullable String suffix,
            @Mixin How how,
            @Option(names = "--wait", description = "Wait for the end and tell how it comes along.") boolean wait,
            @Mixin ProjectOption project)
            throws InterruptedException {
        AgentClient agent = project.of(admin()).agent();
        TrainingJobs files = new TrainingJobs(agent);
        Fields job = new Fields()
                .put("model", model)
                .put("training_file", files.upload(file).path("id").asText())
                .put("validation_file", files.upload(validation).path("id").asText())
                .put("suffix", suffix);
        Tracked searches = searches(project);
        JsonNode ordered = searches.create(how.order(job).map());
        String id = ordered.path("id").asText();
        if (!wait) {
            return done("Ordered " + id, ordered);
        }
        terminal().say("Ordered " + id);
        JsonNode ended = searches.untilDone(id, PATIENCE, now -> {});
        return done("Best: " + ended.path("best"), ended);
    }

    @Command(name = "list", description = "List the searches, newest first.")
    int list(@Mixin ProjectOption project) throws InterruptedException {
        return list(searches(project).list(), "id", "status", "created_at");
    }

    @Command(name = "show", description = "Show a search.")
    int show(@Parameters(paramLabel = SEARCH, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return show(searches(project).get(id));
    }

    @Command(name = "trials", description = "List the values that were tried, and what came of them.")
    int trials(@Parameters(paramLabel = SEARCH, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return list(searches(project).get(id, "trials"), "number", "job", "status", "valid_loss", "values");
    }

    @Command(name = "cancel", description = "End a search and the jobs that run for it.")
    int cancel(@Parameters(paramLabel = SEARCH, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Cancelled " + id, searches(project).cancel(id));
    }

    private Tracked searches(ProjectOption project) throws InterruptedException {
        return new Tracked(project.of(admin()).agent(), PATH, "search");
    }
}
