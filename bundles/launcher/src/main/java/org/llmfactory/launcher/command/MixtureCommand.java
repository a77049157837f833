package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.agent.Tracked;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** Mixtures: which weights of several adapters answer best. */
@Command(
        name = "mixture",
        description = "Searches on the running agent for the weights of a mixture of adapters.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory mixture search --model SmolLM2-135M-Instruct --adapter notes --adapter exams:-0.5:1.5 \\",
            "      --validation dev.jsonl --test test.jsonl --preset melt",
            "  ./factory mixture trials mixsearch_0123456789abcdef01234567"
        })
final class MixtureCommand extends AdminCommand {
    private static final String PATH = "/v1/mixtures/searches";
    private static final String SEARCH = "SEARCH";
    private static final String ID = "Its id.";
    private static final Duration PATIENCE = Duration.ofDays(7);

    /** How it is searched; what is left out is decided by the agent. */
    static final class How {
        @Option(
                names = "--adapter",
                paramLabel = "ADAPTER[:LOW:HIGH]",
                required = true,
                description = "An adapter, and between which weights; once for each. 0 to 1 unless said otherwise.")
        List<String> adapters = new ArrayList<>();

        @Option(
                names = "--validation",
                paramLabel = "FILE",
                required = true,
                description = "Questions that the weights are chosen by; once for each file.")
        List<Path> validation = new ArrayList<>();

        @Option(
                names = "--test",
                paramLabel = "FILE",
                required = true,
                description = "Other questions, which the chosen weights are judged by; once for each file.")
        List<Path> test = new ArrayList<>();

        @Option(names = "--trials", description = "How many weights are tried.")
        @Nullable
        Integer trials;

        @Option(names = "--seed", description = "The same seed tries the same weights.")
        @Nullable
        Long seed;

        @Option(names = "--objective", description = "accuracy (the default) or loss.")
        @Nullable
        String objective;

        @Option(names = "--algorithm", description = "tpe (the default) or random.")
        @Nullable
        String algorithm;

        @Option(names = "--preset", paramLabel = "NAME", description = "Save the best as a preset.")
        @Nullable
        String preset;

        @Option(names = "--chat", description = "Ask by the model's chat template.")
        boolean chat;

        private Fields order(String model, Tracked files) throws InterruptedException {
            return new Fields()
                    .put("model", model)
                    .put("adapters", adapters.stream().map(How::adapter).toList())
                    .put("validation_files", upload(validation, files))
                    .put("test_files", upload(test, files))
                    .put("format", chat ? "chat" : "text")
                    .put("trials", trials)
                    .put("seed", seed)
                    .put("objective", objective)
                    .put("algorithm", algorithm)
                    .put("preset", preset);
        }

        private static List<String> upload(List<Path> paths, Tracked files) throws InterruptedException {
            List<String> ids = new ArrayList<>();
            for (Path path : paths) {
                ids.add(files.upload(path).path("id").asText());
            }
            return ids;
        }

        private static Map<String, Object> adapter(String written) {
            String[] parts = written.split(":", -1);
            if (parts.length < 3) {
                return Map.of("id", written);
            }
            // Names of fine-tuned models have colons of their own.
            String id = String.join(":", List.of(parts).subList(0, parts.length - 2));
            try {
                return Map.of(
                        "id",
                        id,
                        "low",
                        Double.parseDouble(parts[parts.length - 2]),
                        "high",
                        Double.parseDouble(parts[parts.length - 1]));
            } catch (NumberFormatException notBounds) {
                return Map.of("id", written);
            }
        }
    }

    @Command(name = "search", description = "Search for the best weights, and wait for the report.")
    int search(
            @Option(names = "--model", paramLabel = "MODEL", required = true, description = "The base model's id.")
                    String model,
            @Mixin How how,
            @Option(names = "--no-wait", description = "Return at once.") boolean noWait,
            @Mixin ProjectOption project)
            throws InterruptedException {
        Tracked searches = searches(project);
        JsonNode ordered = searches.create(how.order(model, searches).map());
        String id = ordered.path("id").asText();
        if (noWait) {
            return done("Ordered " + id, ordered);
        }
        terminal().say("Ordered " + id);
        JsonNode ended = searches.untilDone(
                id, PATIENCE, new Progress(terminal(), "trial", "/trial_counts/total", "/trial_counts/done"));
        return show(report(ended), ended);
    }

    @Command(name = "list", description = "List the searches, newest first.")
    int list(@Mixin ProjectOption project) throws InterruptedException {
        return list(searches(project).list(), "id", "status", "model", "preset");
    }

    @Command(name = "show", description = "Show a search and its report.")
    int show(@Parameters(paramLabel = SEARCH, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        JsonNode search = searches(project).get(id);
        return search.path("report").isObject() ? show(report(search), search) : show(search);
    }

    @Command(name = "trials", description = "List the weights that were tried, and how they did.")
    int trials(@Parameters(paramLabel = SEARCH, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return list(searches(project).get(id, "trials"), "number", "value", "loss", "weights");
    }

    @Command(name = "cancel", description = "End a search; its trials stay.")
    int cancel(@Parameters(paramLabel = SEARCH, description = ID) String id, @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Cancelled " + id, searches(project).cancel(id));
    }

    private static List<String> report(JsonNode search) {
        JsonNode test = search.at("/report/test");
        List<String> lines = new ArrayList<>();
        search.at("/report/weights")
                .properties()
                .forEach(weight -> lines.add(weight.getKey() + "  " + weight.getValue()));
        lines.add("Of " + test.path("questions").asInt() + " test questions answered right:");
        lines.add("  base      " + EvalCommand.share(test.path("base")));
        test.path("adapters")
                .properties()
                .forEach(alone -> lines.add("  " + alone.getKey() + "  " + EvalCommand.share(alone.getValue())));
        lines.add("  mixture   " + EvalCommand.share(test.path("mixture")));
        lines.add(String.format(
                Locale.ROOT,
                "Mixture against base: p = %.4g (McNemar's exact test)",
                test.at("/mixture_against_base/p_value").asDouble()));
        if (search.hasNonNull("preset")) {
            lines.add("Saved as " + search.path("preset").asText());
        }
        return lines;
    }

    private Tracked searches(ProjectOption project) throws InterruptedException {
        return new Tracked(project.of(admin()).agent(), PATH, "search");
    }
}
