package org.llmfactory.api.network;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.agent.PluginInfo;

/**
 * What an agent says of itself; sent again whenever something of it changes.
 *
 * @param feature what the agent was started as, for example {@code cpu-node}
 * @param region where it is
 * @param started when its process began
 * @param labels what its operator calls it, for placing work
 * @param hardware what it has
 * @param plugins what runs on it
 * @param engines what it serves
 * @param trainers what it trains
 * @param load how busy it is
 */
public record AgentReport(
        String feature,
        String region,
        Instant started,
        Map<String, String> labels,
        Hardware hardware,
        List<PluginInfo> plugins,
        List<EngineReport> engines,
        List<TrainerReport> trainers,
        Load load) {
    public AgentReport {
        labels = Map.copyOf(labels);
        plugins = List.copyOf(plugins);
        engines = List.copyOf(engines);
        trainers = List.copyOf(trainers);
    }

    /**
     * What a machine has.
     *
     * @param system operating system and architecture in words
     * @param processor its name
     * @param cores logical cores that the agent may use
     * @param memoryBytes memory of the machine
     * @param diskBytes size of the volume that the home lies on
     * @param gpus one entry for each
     */
    public record Hardware(
            String system, String processor, int cores, long memoryBytes, long diskBytes, List<Gpu> gpus) {
        public Hardware {
            gpus = List.copyOf(gpus);
        }
    }

    /**
     * A graphics processor.
     *
     * @param name as its driver calls it
     * @param memoryBytes its memory; 0 when unknown
     */
    public record Gpu(String name, long memoryBytes) {}

    /**
     * How busy a machine is.
     *
     * @param processor share of all cores in use, 0 to 1
     * @param memoryFreeBytes memory that is available
     * @param diskFreeBytes free space on the home's volume
     * @param heapUsedBytes Java heap in use
     */
    public record Load(double processor, long memoryFreeBytes, long diskFreeBytes, long heapUsedBytes) {}

    /**
     * An inference engine.
     *
     * @param model id of its base model
     * @param digest digest of its base model
     * @param device for example {@code cpu} or {@code cuda:0}
     * @param residentAdapters digests of the adapters in its memory
     * @param running sequences in its batch
     * @param waiting sequences queued
     */
    public record EngineReport(
            String model, String digest, String device, List<String> residentAdapters, int running, int waiting) {
        public EngineReport {
            residentAdapters = List.copyOf(residentAdapters);
        }
    }

    /**
     * A trainer of adapters.
     *
     * @param models digests of the base models that it trains adapters for
     * @param capacity runs that it takes at once
     */
    public record TrainerReport(List<String> models, int capacity) {
        public TrainerReport {
            models = List.copyOf(models);
        }
    }
}
