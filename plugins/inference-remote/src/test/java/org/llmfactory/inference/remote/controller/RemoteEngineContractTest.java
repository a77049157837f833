package org.llmfactory.inference.remote.controller;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.InferenceEngineContract;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.inference.remote.testing.TestNetwork;
import org.llmfactory.inference.remote.testing.TestNode;

/** An engine on another agent does what any engine does, with adapters that the other agent has to fetch first. */
final class RemoteEngineContractTest extends InferenceEngineContract {
    @TempDir
    private Path folder;

    private TestNetwork network;
    private TestController controller;
    private List<AdapterInfo> adapters;

    @BeforeEach
    void start() {
        network = new TestNetwork(folder);
        adapters = List.of(
                network.adapter("pirate", "tenant", Visibility.PROJECT),
                network.adapter("poet", "tenant", Visibility.PROJECT));
        Map<String, Integer> shifts =
                Map.of(adapters.get(0).digest(), 10, adapters.get(1).digest(), 30);
        TestNode node = network.node("shared/node-1", request -> script(request, shifts));
        controller = new TestController(network, folder.resolve("controller"));
        controller.knowModel();
        network.fleet().report(node.address(), node.report());
        Awaitility.await()
                .atMost(TestNetwork.SOON)
                .until(() -> controller.engines().size() == 1);
    }

    /** Every adapter of a weight shifts the answer's tokens. */
    private static Script script(GenerationRequest request, Map<String, Integer> shifts) {
        float shift = 0;
        for (AdapterWeight adapter : request.adapters()) {
            shift += shifts.get(adapter.digest()) * adapter.weight();
        }
        int by = Math.round(shift);
        return Script.of(72 + by, 101 + by, 121 + by, 33 + by, 10 + by);
    }

    @AfterEach
    void stop() throws InterruptedException {
        controller.close();
        network.close();
    }

    @Override
    protected InferenceEngine engine() {
        return controller.engines().get(0);
    }

    @Override
    protected int[] prompt() {
        return new int[] {72, 105};
    }

    @Override
    protected List<String> adapters() {
        return adapters.stream().map(AdapterInfo::digest).toList();
    }
}
