package org.llmfactory.launcher.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.llmfactory.launcher.agent.Adapters;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.load.RandomAdapter.Shape;

/**
 * Measures how much throughput many adapters cost: the same closed loop of clients against the base model, one adapter,
 * nine and a hundred.
 */
public final class MultiLoraBench {
    private static final int HUNDRED = 100;
    private static final int RANK = 16;
    private final AgentClient client;
    private final RandomPrompts prompts;
    private final String base;
    private final CompletionLoad load;
    private final SplittableRandom random = new SplittableRandom(20260101);

    public MultiLoraBench(AgentClient client, String base, CompletionLoad load) {
        this.client = client;
        this.prompts = new RandomPrompts(client, load.promptTokens());
        this.base = base;
        this.load = load;
    }

    /** Makes a hundred random adapters in {@code folder} and registers them. */
    public void registerAdapters(Path folder, Consumer<Integer> progress) throws IOException, InterruptedException {
        Adapters adapters = new Adapters(client);
        for (int i = 0; i < HUNDRED; i++) {
            Path adapter = folder.resolve(name(i));
            RandomAdapter.write(adapter, Shape.SMOLLM2_135M, RANK, i);
            adapters.add(name(i), base, adapter);
            progress.accept(i + 1);
        }
    }

    /** The figures by number of adapters: {@code base}, {@code one}, {@code nine}, {@code hundred}. */
    public Map<String, Object> measure(Consumer<String> progress) throws InterruptedException {
        Map<String, Object> results = new LinkedHashMap<>();
        Measurement reference = measure(0, progress);
        results.put("base", reference);
        results.put("one", measure(1, progress).against(reference));
        results.put("nine", measure(9, progress).against(reference));
        results.put("hundred", measure(HUNDRED, progress).against(reference));
        return results;
    }

    private Measurement measure(int adapters, Consumer<String> progress) throws InterruptedException {
        progress.accept("warming up with " + adapters + " adapters");
        ClosedLoop loop = new ClosedLoop(load.clients());
        loop.run(prompts.requests(Math.max(load.clients(), adapters), 4, i -> model(adapters, i)));
        progress.accept("measuring " + load.requests() + " requests with " + adapters + " adapters");
        IntFunction<String> drawn = i -> model(adapters, random.nextInt(HUNDRED));
        Measurement measurement = loop.run(prompts.requests(load.requests(), load.generatedTokens(), drawn))
                .measurement();
        progress.accept(measurement.describe());
        return measurement;
    }

    private String model(int adapters, int index) {
        return adapters == 0 ? base : name(index % adapters);
    }

    private static String name(int index) {
        return String.format("bench-%03d", index);
    }
}
