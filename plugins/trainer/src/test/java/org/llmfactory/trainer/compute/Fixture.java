package org.llmfactory.trainer.compute;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.tensor.SafetensorsFile;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Torch;

/** A tiny model with an adapter, a batch, and what transformers and peft found when they trained with it. */
final class Fixture implements AutoCloseable {
    static final List<String> FAMILIES = List.of("llama2", "llama3", "mistral", "smollm2", "qwen2", "qwen3");

    static final LoraParameters LORA = new LoraParameters(
            4, 8, Set.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"), 0, false, false);

    private static final Path MODELS = Path.of("../../bundles/models/src/test/fixtures");
    private static final Path VALUES = Path.of("src/test/fixtures");

    private final Path folder;
    private final PretrainedDecoder model;
    private final SafetensorsFile gradients;
    private final JsonNode description;

    private Fixture(String family) throws IOException {
        this.folder = MODELS.resolve(family);
        this.model = PretrainedDecoder.open(folder);
        Path values = VALUES.resolve(family);
        this.gradients = SafetensorsFile.open(values.resolve("gradients.safetensors"));
        this.description =
                new ObjectMapper().readTree(values.resolve("expected.json").toFile());
    }

    static Fixture open(String family) throws IOException {
        return new Fixture(family);
    }

    TrainingProgram program(Torch torch, boolean recompute) {
        return TrainingProgram.load(torch, model, DType.FLOAT32, recompute);
    }

    TrainableAdapter adapter(TrainingProgram program) {
        try (LoraAdapter adapter = LoraAdapter.open(folder.resolve("adapter-a"), model.config())) {
            return TrainableAdapter.of(program, LORA, adapter);
        }
    }

    List<Sequence> sequences() {
        List<Sequence> sequences = new ArrayList<>();
        for (JsonNode entry : description.get("sequences")) {
            int length = entry.get("tokens").size();
            int[] tokens = new int[length];
            boolean[] trained = new boolean[length];
            for (int i = 0; i < length; i++) {
                tokens[i] = entry.get("tokens").get(i).intValue();
                trained[i] = entry.get("trained").get(i).booleanValue();
            }
            sequences.add(new Sequence(tokens, trained));
        }
        return sequences;
    }

    /** The gradient of every parameter, in the program's order. */
    float[] expectedGradient() {
        AdapterShape shape = new AdapterShape(model.config(), LORA);
        float[] all = new float
                [shape.matrices().stream().mapToInt(AdapterShape.Matrix::size).sum()];
        int at = 0;
        for (AdapterShape.Matrix matrix : shape.matrices()) {
            String name = "base_model.model.model.layers." + matrix.target().layer() + "."
                    + matrix.target().projection().path() + ".lora_" + (matrix.up() ? "B" : "A") + ".weight";
            if (matrix.size() > 0) {
                float[] values = gradients.find(name).orElseThrow().toFloats();
                float[] ordered = matrix.up() ? shape.inProgramOrder(matrix.target(), values) : values;
                System.arraycopy(ordered, 0, all, at, ordered.length);
            }
            at += matrix.size();
        }
        return all;
    }

    double number(String name) {
        return description.get(name).doubleValue();
    }

    List<Double> curve() {
        List<Double> curve = new ArrayList<>();
        description.get("curve").forEach(loss -> curve.add(loss.doubleValue()));
        return curve;
    }

    @Override
    public void close() {
        gradients.close();
        model.close();
    }
}
