package org.llmfactory.itest.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.launcher.terminal.Terminal;

/**
 * Ten thousand small requests over fifty keys in five projects, two of which have budgets that do not last, while the
 * process is killed in the middle: the books are right all the same.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LoadIT {
    private static final int PROJECTS = 5;
    private static final int KEYS_PER_PROJECT = 10;
    private static final int REQUESTS = 10_000;
    private static final int WORKERS = 24;
    private static final long BUDGET = 20_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Collection<Served> served = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final List<String> unexpected = new ArrayList<>();

    /** An answer that reached its client. */
    private record Served(String id, String key, String project, long tokens) {}

    private record Holder(String project, Platform.IssuedKey key) {}

    @Test
    void theBooksAreExactThoughTheProcessIsKilled() throws Exception {
        try (RunningAgent agent = RunningAgent.start()) {
            agent.awaitServed();
            Platform platform = new Platform(agent);
            long start = Instant.now().minus(Duration.ofMinutes(2)).getEpochSecond();
            List<Holder> holders = holders(platform);

            send(agent, holders, REQUESTS / 2, 1);
            assertThat(lost).hasValue(0);
            assertBooks(platform, start, holders, 0);

            int inFlight = sendAndKill(agent, holders);
            agent.awaitServed();
            send(agent, holders, REQUESTS / 4, 3);

            assertBooks(platform, start, holders, inFlight);
            assertThat(unexpected).isEmpty();
            assertThat(refused.get()).isPositive();
            JsonNode verified = ApiClient.accepted(platform.administrator().get("/v1/organization/audit_logs/verify"));
            assertThat(verified.path("valid").asBoolean())
                    .as(verified.toString())
                    .isTrue();
        }
    }

    private static List<Holder> holders(Platform platform) throws Exception {
        List<Holder> holders = new ArrayList<>();
        for (int number = 0; number < PROJECTS; number++) {
            String project = platform.project("load");
            if (number < 2) {
                ApiClient.accepted(platform.administrator()
                        .post(
                                "/v1/organization/projects/" + project + "/budget",
                                Map.of("tokens", BUDGET, "period", "day")));
            }
            if (number == 2) {
                ApiClient.accepted(platform.administrator()
                        .post(
                                "/v1/organization/projects/" + project + "/rate_limits/rl-" + RunningAgent.MODEL,
                                Map.of("max_requests_per_1_minute", 300, "max_tokens_per_1_minute", 1_000_000)));
            }
            for (int key = 0; key < KEYS_PER_PROJECT; key++) {
                holders.add(new Holder(project, platform.serviceAccount(project)));
            }
        }
        return holders;
    }

    private void send(RunningAgent agent, List<Holder> holders, int requests, int seed) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<?>> sent = submit(workers, agent, holders, requests, seed);
            for (Future<?> one : sent) {
                one.get(5, TimeUnit.MINUTES);
            }
        } finally {
            workers.shutdownNow();
        }
    }

    /** Sends a quarter of all requests and kills the process when some hundreds of them have been answered. */
    private int sendAndKill(RunningAgent agent, List<Holder> holders) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        int before = served.size();
        try {
            List<Future<?>> sent = submit(workers, agent, holders, REQUESTS / 4, 2);
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> served.size() > before + 300);
            agent.killAndStart();
            for (Future<?> one : sent) {
                one.get(5, TimeUnit.MINUTES);
            }
        } finally {
            workers.shutdownNow();
        }
        return WORKERS;
    }

    private List<Future<?>> submit(
            ExecutorService workers, RunningAgent agent, List<Holder> holders, int requests, int seed) {
        Random random = new Random(seed);
        List<Future<?>> sent = new ArrayList<>();
        for (int number = 0; number < requests; number++) {
            Holder holder = holders.get(random.nextInt(holders.size()));
            int tokens = 1 + random.nextInt(4);
            boolean stream = random.nextInt(4) == 0;
            sent.add(workers.submit(() -> ask(agent, holder, tokens, stream)));
        }
        return sent;
    }

    private void ask(RunningAgent agent, Holder holder, int tokens, boolean stream) {
        Map<String, Object> body = new HashMap<>(Map.of(
                "model",
                RunningAgent.MODEL,
                "max_tokens",
                tokens,
                "stream",
                stream,
                "messages",
                List.of(Map.of("role", "user", "content", "hi"))));
        if (stream) {
            body.put("stream_options", Map.of("include_usage", true));
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(agent.url() + "/v1/chat/completions"))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + holder.key().value())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Terminal.write(body)))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            take(holder, answer, stream);
        } catch (IOException gone) {
            lost.incrementAndGet();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Holder holder, HttpResponse<String> answer, boolean stream) throws IOException {
        if (answer.statusCode() == 429) {
            refused.incrementAndGet();
        } else if (answer.statusCode() == 200 && (!stream || answer.body().contains("[DONE]"))) {
            JsonNode last = stream ? lastChunk(answer.body()) : Terminal.JSON.readTree(answer.body());
            served.add(new Served(
                    last.path("id").asText(),
                    holder.key().id(),
                    holder.project(),
                    last.path("usage").path("total_tokens").asLong()));
        } else if (answer.statusCode() != 503 && answer.statusCode() != 401 && answer.statusCode() != 404) {
            // While the process starts again some plugins are not there yet; anything else must not happen.
            synchronized (unexpected) {
                unexpected.add(answer.statusCode() + " " + answer.body());
            }
        }
    }

    private static JsonNode lastChunk(String body) throws IOException {
        JsonNode last = null;
        for (String line : body.lines().toList()) {
            if (line.startsWith("data: {")) {
                last = Terminal.JSON.readTree(line.substring("data: ".length()));
            }
        }
        return Objects.requireNonNull(last, "no chunk");
    }

    /**
     * What was served is counted, and nothing else, but for requests that were under way when the process was killed: these
     * may have been entered without their answers having reached anyone.
     */
    private void assertBooks(Platform platform, long start, List<Holder> holders, int inFlight) throws Exception {
        Map<String, long[]> expected = new HashMap<>();
        served.forEach(one -> {
            long[] sums = expected.computeIfAbsent(one.key(), any -> new long[2]);
            sums[0]++;
            sums[1] += one.tokens();
        });
        Map<String, long[]> counted = usage(platform, start);
        long requests = 0;
        long tokens = 0;
        long expectedRequests = 0;
        long expectedTokens = 0;
        for (Holder holder : holders) {
            long[] wanted = expected.getOrDefault(holder.key().id(), new long[2]);
            long[] found = counted.getOrDefault(holder.key().id(), new long[2]);
            if (inFlight == 0) {
                assertThat(found).as(holder.key().id()).containsExactly(wanted);
            }
            assertThat(found[0]).isGreaterThanOrEqualTo(wanted[0]);
            requests += found[0];
            tokens += found[1];
            expectedRequests += wanted[0];
            expectedTokens += wanted[1];
        }
        assertThat(requests - expectedRequests).isBetween(0L, (long) inFlight);
        assertThat(tokens - expectedTokens).isBetween(0L, inFlight * 100L);
        assertEveryAnswerHasItsEntry(platform, requests);
        assertBudgets(platform, start, holders);
    }

    private void assertEveryAnswerHasItsEntry(Platform platform, long counted) throws Exception {
        HttpResponse<String> export = platform.administrator().get("/v1/organization/audit_logs/export");
        assertThat(export.statusCode()).isEqualTo(200);
        Set<String> entered = new HashSet<>();
        int entries = 0;
        for (String line : export.body().lines().toList()) {
            JsonNode entry = Terminal.JSON.readTree(
                    Terminal.JSON.readTree(line).path("entry").asText());
            if (entry.path("type").asText().equals("model.request")) {
                entries++;
                entered.add(entry.path("resource").asText());
            }
        }
        assertThat(entered).hasSize(entries);
        assertThat(served).extracting(Served::id).doesNotHaveDuplicates().isSubsetOf(entered);
        assertThat((long) entries).isEqualTo(counted);
    }

    private static void assertBudgets(Platform platform, long start, List<Holder> holders) throws Exception {
        Set<String> projects = new HashSet<>();
        holders.subList(0, 2 * KEYS_PER_PROJECT).forEach(holder -> projects.add(holder.project()));
        for (String project : projects) {
            long spent = 0;
            JsonNode page = ApiClient.accepted(platform.administrator()
                    .get("/v1/organization/usage/completions?bucket_width=1d&limit=2&start_time=" + start
                            + "&project_ids%5B%5D=" + project));
            for (JsonNode bucket : page.path("data")) {
                for (JsonNode result : bucket.path("results")) {
                    spent += result.path("input_tokens").asLong()
                            + result.path("output_tokens").asLong();
                }
            }
            assertThat(spent).isBetween(1L, BUDGET);
        }
    }

    /** Requests and tokens by key. */
    private static Map<String, long[]> usage(Platform platform, long start) throws Exception {
        Map<String, long[]> sums = new HashMap<>();
        JsonNode page = ApiClient.accepted(platform.administrator()
                .get("/v1/organization/usage/completions?bucket_width=1d&limit=2&group_by%5B%5D=api_key_id&start_time="
                        + start));
        for (JsonNode bucket : page.path("data")) {
            for (JsonNode result : bucket.path("results")) {
                long[] sum = sums.computeIfAbsent(result.path("api_key_id").asText(), any -> new long[2]);
                sum[0] += result.path("num_model_requests").asLong();
                sum[1] += result.path("input_tokens").asLong()
                        + result.path("output_tokens").asLong();
            }
        }
        return sums;
    }
}
