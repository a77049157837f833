package org.llmfactory.api.adapter.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.model.ModelInfo;

final class InMemoryAdapterRegistryTest extends AdapterRegistryContract {
    private final AdapterRegistry registry =
            new InMemoryAdapterRegistry(new ModelInfo("base", "b".repeat(64), "llama", 128, 258, Instant.EPOCH));

    @Override
    protected AdapterRegistry registry() {
        return registry;
    }

    @Override
    protected String baseModel() {
        return "base";
    }

    @Override
    protected Path adapter(int number) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("adapter-" + number));
        Files.writeString(folder.resolve("adapter_config.json"), "{\"number\":" + number + "}");
        Files.writeString(folder.resolve("adapter_model.safetensors"), "weights " + number);
        return folder;
    }
}
