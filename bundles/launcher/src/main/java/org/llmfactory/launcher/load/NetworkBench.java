package org.llmfactory.launcher.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.AgentClient;

/**
 * Measures the network between a controller and a node by the plugin {@code bench/network}, which both have: the controller
 * is asked for its actions, which do the measuring. Times between the two agents are differences of {@code System.nanoTime},
 * which is one clock for all processes of a machine under Linux.
 */
public final class NetworkBench {
    private static final int WARM_UP_CALLS = 2000;
    private static final int MESSAGE = 64 * 1024;
    private static final int FEWEST_MESSAGES = 8;
    private static final int[] STREAMS = {1, 32};
    private static final int TOKEN_STREAMS = 16;
    private static final int TOKENS_PER_SECOND = 30;
    private static final int TOKEN_BYTES = 100;
    private static final double TARGET_MS = 3;
    private static final int TIMEOUT_SECONDS = 280;

    /**
     * The load.
     *
     * @param calls measured one after the other
     * @param megabytes sent in each measurement of throughput, in millions of bytes
     * @param rounds of each measurement of throughput
     * @param seconds for which tokens flow
     */
    public record Load(int calls, int megabytes, int rounds, int seconds) {}

    private final AgentClient controller;
    private final String actions;
    private final String node;
    private final Load load;

    /**
     * A measurement.
     *
     * @param address the controller's own
     * @param node the node's address
     */
    public NetworkBench(AgentClient controller, String address, String node, Load load) {
        this.controller = controller;
        this.actions = "/admin/agents/" + address + "/actions/";
        this.node = node;
        this.load = load;
    }

    /** The figures: {@code control_plane}, {@code tokens}, {@code streams}. */
    public Map<String, Object> measure(Consumer<String> progress) throws InterruptedException {
        Map<String, Object> answer = new LinkedHashMap<>();
        progress.accept(load.calls() + " calls, one after the other");
        Latency calls = Latency.of(
                perform("bench.calls", Map.of("peer", node, "warmUp", WARM_UP_CALLS, "calls", load.calls())));
        progress.accept("calls: " + calls.describe());
        answer.put("control_plane", calls);
        answer.put("tokens", tokens(progress));
        answer.put("streams", streams(progress));
        return answer;
    }

    private JsonNode perform(String action, Map<String, Object> arguments) throws InterruptedException {
        return controller.post(actions + action + "?timeout_seconds=" + TIMEOUT_SECONDS, arguments);
    }

    private Map<String, Object> tokens(Consumer<String> progress) throws InterruptedException {
        progress.accept(String.format(
                "%d streams of %d messages of %d bytes a second, for %d s",
                TOKEN_STREAMS, TOKENS_PER_SECOND, TOKEN_BYTES, load.seconds()));
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("peer", node);
        arguments.put("streams", TOKEN_STREAMS);
        arguments.put("perSecond", TOKENS_PER_SECOND);
        arguments.put("seconds", load.seconds());
        arguments.put("size", TOKEN_BYTES);
        Latency latency = Latency.of(perform("bench.tokens", arguments));
        progress.accept("from node to controller, by the one clock of this machine: " + latency.describe());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("latency", latency);
        answer.put("streams", TOKEN_STREAMS);
        answer.put("messages_per_stream_s", TOKENS_PER_SECOND);
        answer.put("message_bytes", TOKEN_BYTES);
        answer.put("target_ms", TARGET_MS);
        answer.put("clock", "CLOCK_MONOTONIC of one machine, at both ends");
        answer.put("within_target", latency.p50Ms() < TARGET_MS);
        return answer;
    }

    private Map<String, Object> streams(Consumer<String> progress) throws InterruptedException {
        Map<Integer, List<Double>> sealed = new LinkedHashMap<>();
        Map<Integer, List<Double>> unsealed = new LinkedHashMap<>();
        progress.accept("throughput, a round that does not count");
        collect("bench.streams", new LinkedHashMap<>());
        collect("bench.link", new LinkedHashMap<>());
        for (int round = 1; round <= load.rounds(); round++) {
            progress.accept("throughput, round " + round + " of " + load.rounds());
            collect("bench.streams", sealed);
            collect("bench.link", unsealed);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        sealed.forEach((count, rates) -> {
            SealingRates both = SealingRates.of(rates, unsealed.getOrDefault(count, List.of()));
            answer.put(Integer.toString(count), both);
            progress.accept(count + " stream(s): " + both.describe());
        });
        answer.put("message_bytes", MESSAGE);
        answer.put("megabytes", load.megabytes());
        return answer;
    }

    private void collect(String action, Map<Integer, List<Double>> rates) throws InterruptedException {
        for (int count : STREAMS) {
            rates.computeIfAbsent(count, first -> new ArrayList<>()).add(rate(action, count, load.megabytes()));
        }
    }

    private double rate(String action, int streams, int megabytes) throws InterruptedException {
        long messages = Math.max(FEWEST_MESSAGES, megabytes * 1_000_000L / MESSAGE / streams);
        JsonNode answer =
                perform(action, Map.of("peer", node, "streams", streams, "messages", messages, "size", MESSAGE));
        if (answer.path("messages").asLong() != messages * streams) {
            throw new LauncherException(action + " sent " + messages * streams + " messages, of which "
                    + answer.path("messages").asLong() + " arrived.");
        }
        return answer.path("megabytesPerSecond").asDouble();
    }
}
