package org.llmfactory.inference.remote.controller;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.network.testing.FixedMembership;
import org.llmfactory.inference.remote.model.ModelFetcher;
import org.llmfactory.inference.remote.testing.RecordingServices;
import org.llmfactory.inference.remote.testing.TestNetwork;

/** The half of a controller, and what it publishes. */
final class TestController {
    private final RecordingServices services = new RecordingServices();
    private final RemoteEngines remote;
    private final StubLocalModel local = new StubLocalModel(TestNetwork.MODEL, Path.of("nowhere"), new ByteTextCodec());

    TestController(TestNetwork network, Path home) {
        remote = new RemoteEngines(
                services,
                network.plane().of(TestNetwork.CONTROLLER),
                new ModelFetcher(network.files().of(TestNetwork.CONTROLLER), home.resolve("models")),
                TestNetwork.CONTROLLER,
                Duration.ofSeconds(3));
        remote.setRegistry(network.registry());
        remote.setFleet(network.fleet());
        network.fleet().listen(remote);
        network.files()
                .offer(
                        TestNetwork.CONTROLLER,
                        new AdapterShare(network.registry(), new FixedMembership(TestNetwork.CONTROLLER)));
    }

    /** The model lies on the controller too, so that nothing has to be fetched of it. */
    void knowModel() {
        remote.addModel(local);
    }

    void forgetModel() {
        remote.removeModel(local);
    }

    List<InferenceEngine> engines() {
        return services.of(InferenceEngine.class);
    }

    List<Model> models() {
        return services.of(Model.class);
    }

    /** Of the engines. */
    List<? extends Map<String, ?>> properties() {
        return services.propertiesOf(InferenceEngine.class);
    }

    void close() throws InterruptedException {
        remote.stop();
    }
}
