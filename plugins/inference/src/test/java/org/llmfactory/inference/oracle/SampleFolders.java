package org.llmfactory.inference.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.inference.engine.AdapterSource;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.models.adapter.LoraAdapter;

/** Adapters straight from their folders, by name; a digest here is that name. */
record SampleFolders(Map<String, Path> folders, ModelRunner runner) implements AdapterSource {
    static AdapterWeight weighted(Map.Entry<String, Float> entry) {
        return new AdapterWeight(entry.getKey(), entry.getValue());
    }

    @Override
    public long find(String digest) {
        try {
            return Files.size(folder(digest).resolve("adapter_model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ResidentAdapter load(String digest) {
        try (LoraAdapter adapter = LoraAdapter.open(folder(digest), runner.config())) {
            return runner.load(adapter);
        }
    }

    private Path folder(String name) {
        return Objects.requireNonNull(folders.get(name), name);
    }
}
