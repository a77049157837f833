package org.llmfactory.launcher.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.llmfactory.launcher.agent.AgentClient;

/** Measures what a second node adds: the same closed loop of clients at the controller, while one or two nodes serve. */
public final class NodesBench {
    private static final int WARM_UP_TOKENS = 4;

    /** The nodes of the network. */
    public interface Nodes {
        /** Lets so many of them serve the model, and no more. */
        void serve(int count) throws IOException, InterruptedException;
    }

    private final RandomPrompts prompts;
    private final String model;
    private final CompletionLoad load;

    public NodesBench(AgentClient controller, String model, CompletionLoad load) {
        this.prompts = new RandomPrompts(controller, load.promptTokens());
        this.model = model;
        this.load = load;
    }

    /**
     * The figures: {@code one}, {@code two}, {@code one_again}, and {@code ratio}: tokens a second of two nodes against the
     * mean of one.
     */
    public Map<String, Object> measure(Nodes nodes, Consumer<String> progress)
            throws IOException, InterruptedException {
        Measurement one = measure(nodes, 1, progress);
        Measurement two = measure(nodes, 2, progress);
        Measurement again = measure(nodes, 1, progress);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("one", one);
        answer.put("two", two);
        answer.put("one_again", again);
        answer.put("ratio", Distribution.rounded(2 * two.tokensPerS() / (one.tokensPerS() + again.tokensPerS())));
        return answer;
    }

    private Measurement measure(Nodes nodes, int count, Consumer<String> progress)
            throws IOException, InterruptedException {
        nodes.serve(count);
        ClosedLoop loop = new ClosedLoop(load.clients());
        loop.run(prompts.requests(load.clients(), WARM_UP_TOKENS, i -> model));
        Measurement measurement = loop.run(prompts.requests(load.requests(), load.generatedTokens(), i -> model))
                .measurement();
        progress.accept(count + " node(s): " + measurement.describe());
        return measurement;
    }
}
