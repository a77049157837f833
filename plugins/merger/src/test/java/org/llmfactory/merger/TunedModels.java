package org.llmfactory.merger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.tensor.SafetensorsWriter;
import org.llmfactory.models.tensor.TensorView;

/** Whole models with an adapter merged into their weights. */
public final class TunedModels {
    private TunedModels() {}

    /**
     * Writes a model.
     *
     * @param more by how much the output head and the last norm grow, relative to themselves
     */
    public static void write(Path folder, Path base, Path adapter, float more) {
        try (PretrainedDecoder model = PretrainedDecoder.open(base);
                LoraAdapter changes = LoraAdapter.open(adapter, model.config());
                Stream<Path> files = Files.list(base)) {
            Files.createDirectories(folder);
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
            }
            Map<String, float[]> added = new HashMap<>();
            changes.pairs()
                    .forEach((target, pair) -> added.put(
                            "model.layers." + target.layer() + "."
                                    + target.projection().path() + ".weight",
                            Changes.of(pair)));
            for (String name : List.of("lm_head.weight", "model.norm.weight")) {
                float[] grown = model.weights().find(name).orElseThrow().toFloats();
                for (int i = 0; i < grown.length; i++) {
                    grown[i] *= more;
                }
                added.put(name, grown);
            }
            SafetensorsWriter writer = new SafetensorsWriter();
            for (String name : model.weights().names()) {
                TensorView weight = model.weights().find(name).orElseThrow();
                writer.add(name, sum(weight.toFloats(), added.get(name)), weight.shape());
            }
            writer.write(folder.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] sum(float[] values, float[] added) {
        for (int i = 0; added != null && i < values.length; i++) {
            values[i] += added[i];
        }
        return values;
    }
}
