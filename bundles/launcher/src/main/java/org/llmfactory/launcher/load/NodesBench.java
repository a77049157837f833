package org.llmfactory.launcher.load;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.llmfactory.launcher.agent.AgentClient;

/** Measures what a second node adds: the same closed loop of clients at the controller, while one or two nodes serve. */
public final class NodesBench {
    private static final int WARM_UP_TOKENS = 4;

    /**
     * The load.
     *
     * @param clients at the same time
     * @param requests measured each time
     * @param promptTokens of each request
     * @param generatedTokens of each request
     */
    public record Load(int clients, int requests, int promptTokens, int generatedTokens) {}

    private final RandomPrompts prompts;
    private final String model;
    private final Load load;
    private final Map<String, Object> answer = new LinkedHashMap<>();
    private double one;
    private int ones;

    public NodesBench(AgentClient controller, String model, Load load) {
        this.prompts = new RandomPrompts(controller, load.promptTokens());
        this.model = model;
        this.load = load;
    }

    /**
     * One node serves. May be measured several times; the mean counts.
     *
     * @param name what the figures are called
     */
    public void one(String name, Consumer<String> progress) throws InterruptedException {
        Measurement measurement = measure(progress);
        one += measurement.tokensPerS();
        ones++;
        answer.put(name, measurement);
    }

    /** Two nodes serve. */
    public void two(Consumer<String> progress) throws InterruptedException {
        answer.put("two", measure(progress));
    }

    private Measurement measure(Consumer<String> progress) throws InterruptedException {
        ClosedLoop loop = new ClosedLoop(load.clients());
        loop.run(prompts.requests(load.clients(), WARM_UP_TOKENS, i -> model));
        Measurement measurement = loop.run(prompts.requests(load.requests(), load.generatedTokens(), i -> model))
                .measurement();
        progress.accept(measurement.describe());
        return measurement;
    }

    /** The figures, and {@code ratio}: tokens a second of two nodes against one. */
    public Map<String, Object> answer() {
        if (answer.get("two") instanceof Measurement two && ones > 0) {
            answer.put("ratio", Math.round(1000 * two.tokensPerS() * ones / one) / 1000.0);
        }
        return answer;
    }
}
