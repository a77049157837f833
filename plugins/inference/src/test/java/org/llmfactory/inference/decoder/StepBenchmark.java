package org.llmfactory.inference.decoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.inference.runner.StepOutput;
import org.llmfactory.inference.runner.WeightedAdapter;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

/**
 * Times single steps of a model of SmolLM2-135M's shape and prints one line of JSON. For each case the least wall time
 * and the mean processor time of a step (all threads), in milliseconds, and the tokens per second of the former. Other
 * programs on the machine stretch the wall time; the processor time less so, most clearly with one thread.
 *
 * <p>Properties: {@code type} (auto, float32, bfloat16), {@code packed} and {@code kernel}
 * (auto, false), {@code rounds} (20),
 * {@code threads} (0: all), {@code context} (160), {@code block} (16).
 */
public final class StepBenchmark {
    private static final int BATCH = 16;
    private static final int ADAPTERS = 100;
    private static final int RANK = 16;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final int rounds = Integer.getInteger("rounds", 20);
    private final int context = Integer.getInteger("context", 160);
    private final int blockSize = Integer.getInteger("block", 16);

    private StepBenchmark() {}

    /** Runs all cases. */
    public static void main(String[] arguments) throws JsonProcessingException {
        System.out.println(new ObjectMapper().writeValueAsString(new StepBenchmark().run()));
    }

    private Map<String, Object> run() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("load_before", system.getSystemLoadAverage());
        try (TorchEngine torch =
                TorchEngine.open(new TorchOptions("auto", Integer.getInteger("threads", 0), Optional.empty()))) {
            long begin = System.nanoTime();
            try (TorchModelRunner runner = load(torch, report)) {
                report.put("device", torch.device());
                report.put("threads", torch.threads());
                report.put("load_s", seconds(System.nanoTime() - begin));
                RandomDecoder random = new RandomDecoder();
                begin = System.nanoTime();
                List<ResidentAdapter> adapters = IntStream.range(0, ADAPTERS)
                        .mapToObj(i -> runner.load(random.adapter(RANK)))
                        .toList();
                report.put("adapter_load_s", seconds((System.nanoTime() - begin) / ADAPTERS));
                addCases(report, runner, adapters);
            }
        }
        return report;
    }

    private TorchModelRunner load(TorchEngine torch, Map<String, Object> report) {
        DType type = switch (System.getProperty("type", "auto")) {
            case "float32" -> DType.FLOAT32;
            case "bfloat16" -> DType.BFLOAT16;
            default -> ProgramForm.fastestType(torch);
        };
        ProgramForm best = ProgramForm.of(torch, type);
        ProgramForm form =
                new ProgramForm(type, best.packed() && isWanted("packed"), best.kernel() && isWanted("kernel"));
        report.put("type", type.name().toLowerCase(Locale.ROOT));
        report.put("packed", form.packed());
        report.put("kernel", form.kernel());
        RunnerOptions options = new RunnerOptions(Optional.of(type), 512L << 20, blockSize, 2048);
        return TorchModelRunner.load(torch, RandomDecoder.CONFIG, new RandomDecoder().weights(), options, form);
    }

    private static boolean isWanted(String property) {
        return !System.getProperty(property, "auto").equals("false");
    }

    private void addCases(Map<String, Object> report, TorchModelRunner runner, List<ResidentAdapter> adapters) {
        report.put("decode_1", time(runner, rounds, step -> decodes(1, List.of())));
        report.put("decode_16", time(runner, rounds, step -> decodes(BATCH, List.of())));
        report.put("decode_16_one", time(runner, rounds, step -> decodes(BATCH, adapters.subList(0, 1))));
        report.put("decode_16_nine", time(runner, rounds, step -> decodes(BATCH, adapters.subList(0, 9))));
        // One sequence of the batch ends at every fourth step, and another adapter's takes its place.
        report.put("decode_16_of_hundred", time(runner, rounds, step -> {
            List<ResidentAdapter> active = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                int generation = (step / 4 + BATCH - 1 - i) / BATCH;
                active.add(adapters.get((i + generation * BATCH) % ADAPTERS));
            }
            return decodes(BATCH, active);
        }));
        report.put("prefill_512", time(runner, Math.max(2, rounds / 5), step -> prefill(List.of())));
        report.put("prefill_512_one", time(runner, Math.max(2, rounds / 5), step -> prefill(adapters.subList(0, 1))));
    }

    private interface Step {
        List<Chunk> chunks(int step);
    }

    private Map<String, Object> time(TorchModelRunner runner, int times, Step step) {
        double wall = Double.MAX_VALUE;
        double cpu = 0;
        int tokens = 0;
        for (int i = 0; i < times + 3; i++) {
            List<Chunk> chunks = step.chunks(i);
            tokens = chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum();
            long cpuBegin = system.getProcessCpuTime();
            long begin = System.nanoTime();
            try (StepOutput output = runner.run(chunks)) {
                output.argmax(0);
            }
            if (i >= 3) {
                wall = Math.min(wall, (System.nanoTime() - begin) / 1e6);
                cpu += (system.getProcessCpuTime() - cpuBegin) / 1e6 / times;
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("wall_ms", Math.round(10 * wall) / 10.0);
        result.put("cpu_ms", Math.round(10 * cpu) / 10.0);
        result.put("tokens_per_s", Math.round(tokens / wall * 1e3));
        return result;
    }

    /** The newest token of some sequences, the adapters in turn. */
    private List<Chunk> decodes(int sequences, List<ResidentAdapter> adapters) {
        List<Chunk> chunks = new ArrayList<>();
        int blocks = (context + 8) / blockSize + 1;
        for (int i = 0; i < sequences; i++) {
            int[] table = new int[blocks];
            for (int block = 0; block < blocks; block++) {
                table[block] = block * sequences + i;
            }
            chunks.add(
                    new Chunk(new int[] {17 + i}, context + i % 8, table, mix(adapters, i), false, Chunk.Logits.LAST));
        }
        return chunks;
    }

    private List<Chunk> prefill(List<ResidentAdapter> adapters) {
        int[] tokens = IntStream.range(100, 612).toArray();
        int[] table =
                IntStream.range(0, (tokens.length + blockSize - 1) / blockSize).toArray();
        return List.of(new Chunk(tokens, 0, table, mix(adapters, 0), false, Chunk.Logits.LAST));
    }

    private static List<WeightedAdapter> mix(List<ResidentAdapter> adapters, int sequence) {
        return adapters.isEmpty()
                ? List.of()
                : List.of(new WeightedAdapter(adapters.get(sequence % adapters.size()), 1));
    }

    private static double seconds(long nanoseconds) {
        return Math.round(nanoseconds / 1e6) / 1e3;
    }
}
