package org.llmfactory.models.decoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llmfactory.models.internal.Digests;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.tensor.GgufFile;
import org.llmfactory.models.tensor.SafetensorsFolder;
import org.llmfactory.models.tensor.TensorSource;

/**
 * A base model on disk: a Hugging Face folder or a GGUF file, under one configuration and one set of weight names.
 * Safe for use by several threads.
 */
public final class PretrainedDecoder implements AutoCloseable {
    private final DecoderConfig config;
    private final DecoderWeights weights;
    private final List<Path> files;
    private final DigestSidecar sidecar;
    private @Nullable String digest;

    private PretrainedDecoder(DecoderConfig config, DecoderWeights weights, List<Path> files, Path sidecar) {
        this.config = config;
        this.weights = weights;
        this.files = List.copyOf(files);
        this.sidecar = new DigestSidecar(sidecar);
    }

    /**
     * Opens and checks a model: its configuration is served, every weight is there with the right shape. No weight is
     * read yet.
     *
     * @param folderOrGguf a folder with {@code config.json} and safetensors, a folder that holds exactly one GGUF file,
     *     or a GGUF file
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the file's name and fault
     */
    public static PretrainedDecoder open(Path folderOrGguf) {
        if (!Files.isDirectory(folderOrGguf)) {
            return openGguf(folderOrGguf);
        }
        if (Files.exists(folderOrGguf.resolve(HuggingFaceConfig.CONFIG))) {
            return openHuggingFace(folderOrGguf);
        }
        return openGguf(singleGguf(folderOrGguf));
    }

    /**
     * The configuration without the weights, which may be missing: enough to check adapters by. The scaling of rotary
     * positions is left out of a GGUF file's, since it may lie among the weights.
     *
     * @param folderOrGguf as for {@link #open}
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the file's name and fault
     */
    public static DecoderConfig dimensions(Path folderOrGguf) {
        boolean folder = Files.isDirectory(folderOrGguf);
        if (folder && Files.exists(folderOrGguf.resolve(HuggingFaceConfig.CONFIG))) {
            return HuggingFaceConfig.read(folderOrGguf);
        }
        try (GgufFile source = GgufFile.openHead(folder ? singleGguf(folderOrGguf) : folderOrGguf)) {
            return GgufConfig.readHead(source);
        }
    }

    private static PretrainedDecoder openHuggingFace(Path folder) {
        DecoderConfig config = HuggingFaceConfig.read(folder);
        if (!SafetensorsFolder.isIn(folder)) {
            throw Faults.invalid(
                    SafetensorsFolder.SINGLE,
                    "the file is missing, and there is no index of shards either; pickled weights are not read, save"
                            + " the model as safetensors");
        }
        SafetensorsFolder source = SafetensorsFolder.open(folder);
        try {
            List<Path> files = new ArrayList<>(source.files());
            files.add(folder.resolve(HuggingFaceConfig.CONFIG));
            return new PretrainedDecoder(
                    config, DecoderWeights.ofHuggingFace(config, source), files, folder.resolve(".digests.json"));
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private static PretrainedDecoder openGguf(Path file) {
        GgufFile source = GgufFile.open(file);
        try {
            DecoderConfig config = GgufConfig.read(source);
            return new PretrainedDecoder(
                    config,
                    DecoderWeights.ofGguf(config, source, source.fileName()),
                    List.of(file),
                    file.resolveSibling("." + source.fileName() + ".digests.json"));
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private static Path singleGguf(Path folder) {
        String name = String.valueOf(folder.getFileName());
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> found = entries.filter(entry -> entry.toString().endsWith(".gguf"))
                    .limit(2)
                    .toList();
            if (found.size() == 1) {
                return found.get(0);
            }
            throw Faults.invalid(
                    name, "the folder holds neither " + HuggingFaceConfig.CONFIG + " nor exactly one .gguf file");
        } catch (IOException e) {
            throw Faults.invalid(name, "the folder cannot be read", e);
        }
    }

    public DecoderConfig config() {
        return config;
    }

    /**
     * The weights under Hugging Face's names for Llama, complete for {@link #config()} and of the right shapes:
     * {@code model.embed_tokens.weight}, {@code model.layers.N.self_attn.{q,k,v,o}_proj.weight}, with
     * {@link DecoderConfig#attentionBias()} {@code .self_attn.{q,k,v}_proj.bias}, with
     * {@link DecoderConfig#queryKeyNorm()} {@code .self_attn.{q,k}_norm.weight}, {@code .mlp.{gate,up,down}_proj.weight},
     * {@code .input_layernorm.weight}, {@code .post_attention_layernorm.weight}, {@code model.norm.weight},
     * {@code lm_head.weight}. Closed with this model.
     */
    public TensorSource weights() {
        return weights;
    }

    /**
     * The model's identity, 64 lower-case hex digits. Of a GGUF file its SHA-256; of a folder the SHA-256 of what
     * {@code sha256sum} prints for {@code config.json} and the files of the weights in the order of their names. The
     * first call may read all files; what it finds is remembered beside them until they change.
     */
    public synchronized String digest() {
        String known = digest;
        if (known == null) {
            SortedMap<String, String> digests = sidecar.digests(files);
            known = digests.size() == 1 ? digests.values().iterator().next() : Digests.ofAll(digests);
            digest = known;
        }
        return known;
    }

    @Override
    public void close() {
        weights.close();
    }
}
