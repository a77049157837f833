package org.llmfactory.inference.remote.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry.Label;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryDataPlane;
import org.llmfactory.api.network.testing.InMemoryFleet;

/** What controllers and nodes of one test have in common. */
public final class TestNetwork implements AutoCloseable {
    public static final AgentAddress CONTROLLER = AgentAddress.parse("platform/controller");
    public static final ModelInfo MODEL = new ModelInfo("base", "b".repeat(64), "llama", 128, 258, Instant.EPOCH);

    /** Until when a test waits for anything. */
    public static final Duration SOON = Duration.ofSeconds(10);

    private final InMemoryDataPlane plane = new InMemoryDataPlane();
    private final InMemoryFleet fleet = new InMemoryFleet();
    private final SharedFiles files = new SharedFiles();
    private final InMemoryAdapterRegistry registry = new InMemoryAdapterRegistry(MODEL);
    private final List<TestNode> nodes = new ArrayList<>();
    private final Path folder;

    public TestNetwork(Path folder) {
        this.folder = folder;
    }

    public InMemoryDataPlane plane() {
        return plane;
    }

    public InMemoryFleet fleet() {
        return fleet;
    }

    public SharedFiles files() {
        return files;
    }

    /** The adapters of the controller. */
    public InMemoryAdapterRegistry registry() {
        return registry;
    }

    /** A node that can be asked, and has not reported yet. */
    public TestNode node(String address, Function<GenerationRequest, Script> script) {
        AgentAddress parsed = AgentAddress.parse(address);
        TestNode node = new TestNode(parsed, MODEL, script, files, folder.resolve(parsed.name()));
        plane.offer(parsed, node.service());
        nodes.add(node);
        return node;
    }

    /** An adapter that the controller knows. */
    public AdapterInfo adapter(String name, String project, Visibility visibility) {
        try {
            Path configuration = Files.writeString(folder.resolve(name + ".json"), name);
            Path weights = Files.writeString(folder.resolve(name + ".weights"), name);
            return registry.register(new Label(name, project, "owner", visibility), "base", configuration, weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request for a few tokens. */
    public static GenerationRequest request(String tenant, Duration deadline, AdapterWeight... adapters) {
        return new GenerationRequest(
                "request",
                tenant,
                new int[] {72, 105},
                List.of(adapters),
                SamplingParameters.GREEDY,
                new StopConditions(16, Set.of(), false),
                deadline,
                false);
    }

    @Override
    public void close() {
        nodes.forEach(TestNode::close);
        plane.close();
    }
}
