package org.llmfactory.inference.remote.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.FixedMembership;
import org.llmfactory.inference.remote.testing.TestNetwork;

final class AdapterShareTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "shared/node-1,    PRIVATE, true",
        "platform/other,   PRIVATE, true",
        "proj_a/node-1,    PRIVATE, true",
        "proj_b/node-1,    PRIVATE, false",
        "proj_b/node-1,    PROJECT, false",
        "proj_b/node-1,    PUBLIC,  true"
    })
    void nodesGetWhatTheyMayGenerateWith(String caller, Visibility visibility, boolean given) {
        TestNetwork network = new TestNetwork(folder);
        AdapterInfo adapter = network.adapter("pirate", "proj_a", visibility);
        AdapterShare share = new AdapterShare(network.registry(), new FixedMembership(TestNetwork.CONTROLLER));

        assertThat(share.find(AgentAddress.parse(caller), adapter.digest() + "/adapter_config.json")
                        .isPresent())
                .isEqualTo(given);
        assertThat(share.find(AgentAddress.parse(caller), adapter.digest() + "/adapter_model.safetensors")
                        .isPresent())
                .isEqualTo(given);
    }

    @Test
    void nothingElseIsToBeHad() {
        TestNetwork network = new TestNetwork(folder);
        AdapterInfo adapter = network.adapter("pirate", "proj_a", Visibility.PUBLIC);
        AgentAddress node = AgentAddress.parse("shared/node-1");
        AdapterShare share = new AdapterShare(network.registry(), new FixedMembership(TestNetwork.CONTROLLER));

        assertThat(share.find(node, adapter.digest())).isEmpty();
        assertThat(share.find(node, adapter.digest() + "/../../secrets")).isEmpty();
        assertThat(share.find(node, "0".repeat(64) + "/adapter_config.json")).isEmpty();
        assertThat(share.find(node, adapter.name() + "/adapter_config.json")).isEmpty();
    }

    @Test
    void nodesGiveNothingToOneAnother() {
        TestNetwork network = new TestNetwork(folder);
        AdapterInfo adapter = network.adapter("pirate", "proj_a", Visibility.PUBLIC);
        AdapterShare share =
                new AdapterShare(network.registry(), new FixedMembership(AgentAddress.parse("shared/node-2")));

        assertThat(share.find(AgentAddress.parse("shared/node-1"), adapter.digest() + "/adapter_config.json"))
                .isEmpty();
    }
}
