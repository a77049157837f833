package org.llmfactory.launcher.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.agent.AgentClient.Reply;

/**
 * Measures what the checks of the gateway cost: the same small chat requests with a key of a project that has limits, a
 * budget and a content policy, and with the platform's own key. The two kinds take turns, so that whatever else the machine
 * does meets both alike.
 */
public final class GatewayBench {
    private static final String CHAT = "/v1/chat/completions";
    private static final List<String> PHASES = List.of("auth", "policy", "limit", "audit");
    private static final double TARGET_MS = 2;
    private static final int WARM_UP = 100;

    /**
     * The load.
     *
     * @param requests of each kind, one after another, and as many again from all clients at once
     * @param clients at the same time in the second part
     * @param most how long a part may take; what has not begun by then is left out
     */
    public record Load(int requests, int clients, Duration most) {}

    /** An answered request: which kind, and how long it and its checks took, in milliseconds. */
    private record Call(boolean checked, double milliseconds, Map<String, Double> phases) {
        double phase(String name) {
            return phases.getOrDefault(name, 0.0);
        }

        double sum() {
            return PHASES.stream().mapToDouble(this::phase).sum();
        }
    }

    private final AgentClient checked;
    private final AgentClient platform;
    private final Map<String, Object> request;
    private final Load load;

    /**
     * A measurement.
     *
     * @param checked with the key of the project
     * @param platform with the platform's key
     */
    public GatewayBench(AgentClient checked, AgentClient platform, String model, Load load) {
        this.checked = checked;
        this.platform = platform;
        this.load = load;
        this.request = Map.of(
                "model",
                model,
                "messages",
                List.of(Map.of("role", "user", "content", "Say yes.")),
                "max_tokens",
                1,
                "temperature",
                0);
    }

    /** The figures: {@code checks} of requests one after another, then both kinds end to end. */
    public Map<String, Object> measure(Consumer<String> progress) throws InterruptedException {
        progress.accept("warming up");
        run(1, Math.min(load.requests(), WARM_UP));
        progress.accept(load.requests() + " requests of each kind, one after another");
        List<Call> sequential = run(1, load.requests());
        progress.accept(load.requests() + " requests of each kind, " + load.clients() + " at once");
        List<Call> concurrent = run(load.clients(), load.requests());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("checks", checks(sequential));
        answer.put("checks_concurrent", checks(concurrent));
        answer.put("end_to_end", endToEnd(sequential));
        answer.put("end_to_end_concurrent", endToEnd(concurrent));
        progress.accept(describe("one after another", sequential));
        progress.accept(describe(load.clients() + " at once", concurrent));
        return answer;
    }

    private static String describe(String how, List<Call> calls) {
        List<Call> checked = calls.stream().filter(Call::checked).toList();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%s, %d checked requests: checks %.3f ms at the median",
                how,
                checked.size(),
                Distribution.of(checked, Call::sum).medianMs()));
        for (String phase : PHASES) {
            double median = Distribution.of(checked, call -> call.phase(phase)).medianMs();
            line.append(String.format(Locale.ROOT, ", %s %.3f", phase, median));
        }
        return line.toString();
    }

    private List<Call> run(int clients, int requests) throws InterruptedException {
        long end = System.nanoTime() + load.most().toNanos();
        List<Callable<List<Call>>> turns = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            boolean first = i % 2 == 0;
            for (boolean kind : new boolean[] {first, !first}) {
                turns.add(() -> System.nanoTime() < end ? List.of(call(kind)) : List.of());
            }
        }
        List<Call> calls = new ClosedLoop(clients)
                .all(turns).stream().flatMap(List::stream).toList();
        if (calls.stream().filter(Call::checked).count() == 0 || calls.stream().allMatch(Call::checked)) {
            throw new LauncherException(
                    "No request was answered within " + load.most().toSeconds() + " seconds.");
        }
        return calls;
    }

    private Call call(boolean isChecked) throws InterruptedException {
        Reply reply = (isChecked ? checked : platform).exchange(CHAT, request);
        Map<String, Double> phases = ServerTiming.of(reply.headers());
        if (!phases.keySet().containsAll(PHASES)) {
            throw new LauncherException("The server does not say how long its checks took: of " + PHASES
                    + " its header Server-Timing has " + phases.keySet() + ".");
        }
        return new Call(isChecked, reply.seconds() * 1e3, phases);
    }

    private static Map<String, Object> checks(List<Call> calls) {
        List<Call> checked = calls.stream().filter(Call::checked).toList();
        Distribution sum = Distribution.of(checked, Call::sum);
        Map<String, Object> answer = new LinkedHashMap<>();
        PHASES.forEach(phase -> answer.put(phase, Distribution.of(checked, call -> call.phase(phase))));
        answer.put("sum_median_ms", sum.medianMs());
        answer.put("sum_p95_ms", sum.p95Ms());
        answer.put("target_ms", TARGET_MS);
        answer.put("within_target", sum.medianMs() < TARGET_MS);
        answer.put("requests", checked.size());
        return answer;
    }

    private static Map<String, Object> endToEnd(List<Call> calls) {
        Distribution checked =
                Distribution.of(calls.stream().filter(Call::checked).toList(), Call::milliseconds);
        Distribution platform =
                Distribution.of(calls.stream().filter(call -> !call.checked()).toList(), Call::milliseconds);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("checked", checked);
        answer.put("platform", platform);
        answer.put("ratio", Math.round(checked.medianMs() / platform.medianMs() * 1000) / 1000.0);
        return answer;
    }
}
