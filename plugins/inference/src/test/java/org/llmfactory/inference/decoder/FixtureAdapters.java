package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.inference.runner.WeightedAdapter;
import org.llmfactory.models.adapter.LoraAdapter;

/** Both adapters of a fixture, resident. */
final class FixtureAdapters implements AutoCloseable {
    private final Fixture fixture;
    private final Map<String, ResidentAdapter> resident;

    FixtureAdapters(Fixture fixture, TorchModelRunner runner) {
        this.fixture = fixture;
        this.resident = Map.of("adapter-a", load("adapter-a", runner), "adapter-b", load("adapter-b", runner));
    }

    private ResidentAdapter load(String name, TorchModelRunner runner) {
        try (LoraAdapter adapter = fixture.adapter(name)) {
            return runner.load(adapter);
        }
    }

    Conversation conversation(String variant, int[] blocks, boolean longContext) {
        List<WeightedAdapter> mix = new ArrayList<>();
        fixture.weights(variant).forEach((name, weight) -> mix.add(new WeightedAdapter(resident.get(name), weight)));
        return new Conversation(blocks, mix, longContext);
    }

    @Override
    public void close() {
        resident.values().forEach(ResidentAdapter::close);
    }
}
