package org.llmfactory.launcher.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.agent.TrainingJobs;

/**
 * Measures training through the API: how long a style takes to learn, whether it was learnt (answers to the letter about
 * things that were not in the data, by the base model and by the adapter), and what it is worth to train small jobs
 * together.
 */
public final class TrainingBench {
    private static final Duration MOST = Duration.ofMinutes(30);
    private static final int SMALL_JOBS = 4;
    private static final int SMALL_ROWS = 48;

    private final AgentClient client;
    private final TrainingJobs jobs;
    private final String model;
    private final Path work;

    /**
     * @param work a folder for files
     */
    public TrainingBench(AgentClient client, String model, Path work) {
        this.client = client;
        this.jobs = new TrainingJobs(client);
        this.model = model;
        this.work = work;
    }

    /** When a job began to compute and when it was done, in seconds of the clock, and what it learnt from. */
    private record Span(JsonNode job, long begin, long end) {
        long tokens() {
            return job.path("trained_tokens").asLong();
        }
    }

    /** The figures: {@code style}, {@code small_jobs}. */
    public Map<String, Object> measure(Consumer<String> progress) throws IOException, InterruptedException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("style", style(progress));
        answer.put("small_jobs", smallJobs(progress));
        return answer;
    }

    private Map<String, Object> style(Consumer<String> progress) throws IOException, InterruptedException {
        List<StyleRows.Row> heldOut = StyleRows.heldOut();
        double base = exact(model, heldOut);
        long start = System.nanoTime();
        String id = order(upload("training", StyleRows.training()), upload("held-out", heldOut), 2, 8);
        Span span = await(id);
        double seconds = (System.nanoTime() - start) / 1e9;
        String trained = span.job().path("fine_tuned_model").asText();
        double adapter = exact(trained, heldOut);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("examples", StyleRows.training().size());
        answer.put("seconds", Distribution.rounded(seconds));
        answer.put("trained_tokens", span.tokens());
        answer.put("tokens_per_s", rate(span.tokens(), span.end() - span.begin()));
        answer.put("held_out_loss", heldOutLoss(id));
        answer.put("exact_answers_base", base);
        answer.put("exact_answers_adapter", adapter);
        progress.accept("A style of " + answer.get("examples") + " examples was learnt in " + answer.get("seconds")
                + " s; exact answers on held-out questions: base " + base + ", adapter " + adapter);
        return answer;
    }

    private Map<String, Object> smallJobs(Consumer<String> progress) throws IOException, InterruptedException {
        String file = upload("small", StyleRows.training().subList(0, SMALL_ROWS));
        List<Span> alone = new ArrayList<>();
        for (int i = 0; i < SMALL_JOBS; i++) {
            alone.add(await(order(file, "", 1, 1)));
        }
        List<String> ordered = new ArrayList<>();
        for (int i = 0; i < SMALL_JOBS; i++) {
            ordered.add(order(file, "", 1, 1));
        }
        List<Span> together = new ArrayList<>();
        for (String id : ordered) {
            together.add(await(id));
        }
        long tokens = alone.stream().mapToLong(Span::tokens).sum();
        double separate = rate(
                tokens,
                alone.stream().mapToLong(span -> span.end() - span.begin()).sum());
        double joint = rate(
                tokens,
                together.stream().mapToLong(Span::end).max().orElseThrow()
                        - together.stream().mapToLong(Span::begin).min().orElseThrow());
        progress.accept(SMALL_JOBS + " small jobs one after the other: " + separate + " tokens/s, together: " + joint);
        return Map.of(
                "jobs", SMALL_JOBS,
                "one_after_the_other_tokens_per_s", separate,
                "together_tokens_per_s", joint,
                "ratio", Distribution.rounded(joint / separate));
    }

    private String upload(String name, List<StyleRows.Row> rows) throws IOException, InterruptedException {
        Path file = Files.write(Files.createDirectories(work).resolve(name + ".jsonl"), StyleRows.lines(rows));
        return jobs.upload(file).path("id").asText();
    }

    private String order(String training, String validation, int epochs, int batchSize) throws InterruptedException {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("model", model);
        order.put("training_file", training);
        if (!validation.isEmpty()) {
            order.put("validation_file", validation);
        }
        order.put("seed", 1);
        order.put(
                "method",
                Map.of(
                        "type",
                        "supervised",
                        "supervised",
                        Map.of("hyperparameters", Map.of("n_epochs", epochs, "batch_size", batchSize))));
        return jobs.create(order).path("id").asText();
    }

    private Span await(String id) throws InterruptedException {
        JsonNode job = jobs.tracked().untilDone(id, MOST, now -> {});
        long begin = Long.MAX_VALUE;
        for (JsonNode event : jobs.events(id).path("data")) {
            if (event.path("message").asText().startsWith("Fine-tuning job started")) {
                begin = event.path("created_at").asLong();
            }
        }
        return new Span(job, begin, job.path("finished_at").asLong());
    }

    private double heldOutLoss(String id) throws InterruptedException {
        return jobs.checkpoints(id)
                .path("data")
                .path(0)
                .path("metrics")
                .path("full_valid_loss")
                .asDouble();
    }

    private double exact(String who, List<StyleRows.Row> rows) throws InterruptedException {
        int right = 0;
        for (StyleRows.Row row : rows) {
            JsonNode answer = client.post(
                    "/v1/chat/completions",
                    Map.of(
                            "model",
                            who,
                            "messages",
                            List.of(Map.of("role", "user", "content", row.question())),
                            "max_tokens",
                            48,
                            "temperature",
                            0));
            String said = answer.path("choices")
                    .path(0)
                    .path("message")
                    .path("content")
                    .asText();
            right += said.strip().equals(row.answer()) ? 1 : 0;
        }
        return Distribution.rounded((double) right / rows.size());
    }

    private static double rate(long tokens, long seconds) {
        return Distribution.rounded((double) tokens / Math.max(1, seconds));
    }
}
