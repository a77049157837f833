package org.llmfactory.launcher.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.Waiting;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.load.ReportCost.Window;

/**
 * Measures what agents that report cost the controller, by the processor time of its process. All of them report for a while
 * before, so that its code is compiled; then none, which is the idle controller; then more and more, and fewer and fewer. All is
 * measured twice, and what took less counts: what else the machine does only adds to it.
 */
public final class InventoryBench {
    private static final String NAME = "simulated-";
    private static final Duration ARRIVAL = Duration.ofMinutes(2);
    private static final Duration SETTLING = Duration.ofSeconds(5);

    /** Makes tokens. */
    public interface Tokens {
        /** A token for a node of that name. */
        String token(String name) throws InterruptedException;
    }

    private final AgentClient controller;
    private final ProcessHandle process;
    private final Simulation simulation;
    private final Duration window;

    /**
     * A measurement.
     *
     * @param process the controller's
     * @param window for how long processor time is counted each time
     */
    public InventoryBench(AgentClient controller, ProcessHandle process, Simulation simulation, Duration window) {
        this.controller = controller;
        this.process = process;
        this.simulation = simulation;
        this.window = window;
    }

    /**
     * The figures.
     *
     * @param counts of agents, the fewest first
     */
    public Map<String, Object> measure(List<Integer> counts, Tokens tokens, Consumer<String> progress)
            throws InterruptedException {
        int most = counts.get(counts.size() - 1);
        progress.accept(most + " simulated agents join");
        for (int i = 1; i <= most; i++) {
            simulation.tell("join " + NAME + i + " " + tokens.token(NAME + i));
        }
        progress.accept("warming up");
        run(most, 1000);
        TimeUnit.NANOSECONDS.sleep(window.toNanos());
        run(0, 0);
        Window idle = count().less(count());
        progress.accept(String.format(Locale.ROOT, "the idle controller takes %.3f of a core", idle.controllerCores()));
        Map<Integer, ReportCost> usual = new TreeMap<>();
        Map<Integer, ReportCost> changing = new TreeMap<>();
        for (int agents : upAndDown(counts)) {
            run(agents, 0);
            usual.merge(agents, cost(agents, idle, "as usual", progress), ReportCost::less);
            run(agents, 1000);
            changing.merge(agents, cost(agents, idle, "changing every second", progress), ReportCost::less);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("window_s", window.toSeconds());
        answer.put("idle_cores", Distribution.rounded(idle.controllerCores()));
        answer.put("usual", usual.values());
        answer.put("changing", changing.values());
        answer.put("usual_ratio", ratio(usual, counts));
        answer.put("changing_ratio", ratio(changing, counts));
        return answer;
    }

    /** Each twice, far apart, since what else the machine does comes and goes. */
    static List<Integer> upAndDown(List<Integer> counts) {
        List<Integer> order = new ArrayList<>(counts);
        counts.forEach(count -> order.add(counts.size(), count));
        return order;
    }

    /** What an agent costs among the most, against among the fewest. */
    private static double ratio(Map<Integer, ReportCost> costs, List<Integer> counts) {
        ReportCost fewest = Objects.requireNonNull(costs.get(counts.get(0)));
        return Objects.requireNonNull(costs.get(counts.get(counts.size() - 1))).against(fewest);
    }

    private ReportCost cost(int agents, Window idle, String how, Consumer<String> progress)
            throws InterruptedException {
        ReportCost cost = ReportCost.of(agents, idle, count());
        progress.accept("reports " + how + ", " + cost.describe());
        return cost;
    }

    /** Lets so many report and waits until the controller has heard of them, and a little longer. */
    private void run(int agents, int changeMillis) throws InterruptedException {
        simulation.tell("change " + changeMillis);
        simulation.tell("run " + agents);
        AtomicLong alive = new AtomicLong();
        Waiting.until(
                ARRIVAL,
                () -> {
                    alive.set(alive());
                    return alive.get() == agents;
                },
                () -> "Of " + agents + " simulated agents " + alive + " report after " + ARRIVAL.toSeconds()
                        + " seconds.\n  " + simulation.complaints());
        TimeUnit.NANOSECONDS.sleep(SETTLING.toNanos());
    }

    private long alive() throws InterruptedException {
        long alive = 0;
        for (JsonNode agent :
                controller.get("/admin/agents?alive=true&limit=1000").path("data")) {
            alive += agent.path("address").asText().startsWith("shared/" + NAME) ? 1 : 0;
        }
        return alive;
    }

    private Window count() throws InterruptedException {
        FleetMessages before = FleetMessages.of(controller);
        Duration controllerBefore = used(process);
        Duration simulationBefore = used(simulation.process());
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(window.toNanos());
        double seconds = (System.nanoTime() - start) / 1e9;
        Duration controllerUsed = used(process).minus(controllerBefore);
        Duration simulationUsed = used(simulation.process()).minus(simulationBefore);
        FleetMessages after = FleetMessages.of(controller);
        return new Window(
                seconds,
                controllerUsed.toNanos() / 1e9,
                simulationUsed.toNanos() / 1e9,
                after.all() - before.all(),
                after.reports() - before.reports());
    }

    private static Duration used(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new LauncherException("The process " + process.pid() + " has ended."));
    }
}
