package org.llmfactory.inference.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.tensor.SafetensorsFile;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Torch;

/** A tiny model of one family with its adapters and what transformers and peft computed with them. */
final class Fixture implements AutoCloseable {
    static final List<String> FAMILIES = List.of(
            "llama2",
            "llama3",
            "llama-linear",
            "llama-yarn",
            "mistral",
            "smollm2",
            "smollm2-sharded",
            "qwen2",
            "qwen3",
            "phi3",
            "phi3-longrope");

    static final List<String> VARIANTS = List.of("base", "adapter-a", "adapter-b", "mix");

    static final int BLOCK_SIZE = 4;

    private static final Path FIXTURES = Path.of("../../bundles/models/src/test/fixtures");

    private final Path values;
    private final PretrainedDecoder decoder;
    private final SafetensorsFile expected;
    private final JsonNode description;

    private Fixture(Path folder, Path values) throws IOException {
        this.values = values;
        this.decoder = PretrainedDecoder.open(folder);
        this.expected = SafetensorsFile.open(values.resolve("expected.safetensors"));
        this.description =
                new ObjectMapper().readTree(values.resolve("expected.json").toFile());
    }

    static Path folder(String family) {
        return FIXTURES.resolve(family);
    }

    static Fixture open(String family) {
        try {
            return new Fixture(FIXTURES.resolve(family), FIXTURES.resolve(family.replace("-sharded", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The forms adapters can take here: our own operator where it is loaded, and PyTorch's. */
    static List<Boolean> forms(Torch torch) {
        return torch.hasKernels() ? List.of(true, false) : List.of(false);
    }

    DecoderConfig config() {
        return decoder.config();
    }

    TorchModelRunner runner(Torch torch, DType type, boolean kernel) {
        ProgramForm form = new ProgramForm(type, ProgramForm.of(torch, type).packed(), kernel);
        RunnerOptions options = new RunnerOptions(Optional.of(type), 1 << 20, BLOCK_SIZE, 512);
        return TorchModelRunner.load(torch, decoder.config(), decoder.weights(), options, form);
    }

    /** One long prompt and one short one. */
    List<int[]> prompts() {
        return StreamSupport.stream(description.get("prompts").spliterator(), false)
                .map(Fixture::ids)
                .toList();
    }

    /** The adapters of a variant with their weights. */
    Map<String, Float> weights(String variant) {
        Map<String, Float> weights = new LinkedHashMap<>();
        variant(variant)
                .get("adapters")
                .properties()
                .forEach(field -> weights.put(field.getKey(), field.getValue().floatValue()));
        return weights;
    }

    int[] continuation(String variant, int prompt) {
        return ids(variant(variant).get("continuations").get(prompt));
    }

    LoraAdapter adapter(String name) {
        return LoraAdapter.open(values.resolve(name), config());
    }

    /** A row for each position. */
    List<float[]> promptLogits(String variant, int prompt) {
        float[] all =
                expected.find(variant + "/" + prompt + "/prompt").orElseThrow().toFloats();
        int width = config().vocabularySize();
        List<float[]> rows = new ArrayList<>();
        for (int at = 0; at < all.length; at += width) {
            rows.add(Arrays.copyOfRange(all, at, at + width));
        }
        return rows;
    }

    float[] logits(String variant, int prompt, String kind) {
        return expected.find(variant + "/" + prompt + "/" + kind).orElseThrow().toFloats();
    }

    @Override
    public void close() {
        expected.close();
        decoder.close();
    }

    private JsonNode variant(String name) {
        return description.get("variants").get(name);
    }

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }
}
