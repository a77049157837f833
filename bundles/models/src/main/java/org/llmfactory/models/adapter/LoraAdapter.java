package org.llmfactory.models.adapter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.internal.Digests;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.tensor.SafetensorsFile;
import org.llmfactory.models.tensor.TensorView;

/** A LoRA adapter as PEFT saves it. Safe for use by several threads. */
public final class LoraAdapter implements AutoCloseable {
    private static final List<String> OUTSIDE_BLOCKS = List.of("lm_head", "model.embed_tokens");

    private final Path folder;
    private final SafetensorsFile file;
    private final Map<LoraTarget, LoraPair> pairs;

    private LoraAdapter(Path folder, SafetensorsFile file, Map<LoraTarget, LoraPair> pairs) {
        this.folder = folder;
        this.file = file;
        this.pairs = Collections.unmodifiableMap(pairs);
    }

    /**
     * Opens and checks an adapter, its values included.
     *
     * @param folder holds {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @throws FactoryException {@code INVALID_FILE} when it is damaged, changes nothing, or is of a kind that is not
     *     served; {@code ADAPTER_MISMATCH} when it was made for a base of another shape
     */
    public static LoraAdapter open(Path folder, DecoderConfig base) {
        AdapterConfig config = AdapterConfig.read(folder);
        Path weights = folder.resolve(AdapterTensors.FILE);
        if (!Files.exists(weights) && Files.exists(folder.resolve("adapter_model.bin"))) {
            throw Faults.invalid("adapter_model.bin", "pickled weights are not read; save the adapter as safetensors");
        }
        SafetensorsFile file = SafetensorsFile.open(weights);
        try {
            return new LoraAdapter(folder, file, pairs(config, file, base));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** The digest of the files in a folder, see {@link #digest()}, without looking at what they say. */
    public static String digestOf(Path folder) {
        SortedMap<String, String> digests = new TreeMap<>();
        for (String name : List.of(AdapterConfig.FILE, AdapterTensors.FILE)) {
            digests.put(name, Digests.ofFile(folder.resolve(name)));
        }
        return Digests.ofAll(digests);
    }

    private static Map<LoraTarget, LoraPair> pairs(AdapterConfig config, SafetensorsFile file, DecoderConfig base) {
        for (String module : OUTSIDE_BLOCKS) {
            if (config.selection().selects(module)) {
                throw Faults.invalid(
                        AdapterConfig.FILE,
                        "'target_modules' selects " + module + "; served are the linear layers inside the blocks");
            }
        }
        List<LinearModule> modules = LinearModule.of(base);
        AdapterTensors tensors = new AdapterTensors(file, base, modules);
        Map<LoraTarget, LoraPair> pairs = new LinkedHashMap<>();
        boolean changes = false;
        for (LinearModule module : modules) {
            if (config.selection().selects(module.name(), module.layer())) {
                LoraPair whole = pair(module, config, tensors, base);
                changes |= checkValues(whole);
                split(module, whole, base, pairs);
            } else if (tensors.down(module).isPresent() || tensors.up(module).isPresent()) {
                throw Faults.invalid(
                        AdapterTensors.FILE,
                        "it holds " + module.name() + ", which 'target_modules' of " + AdapterConfig.FILE
                                + " does not select");
            }
        }
        if (!changes) {
            throw Faults.invalid(
                    AdapterTensors.FILE, "the adapter changes nothing: it selects no module, or every change is zero");
        }
        return pairs;
    }

    private static LoraPair pair(
            LinearModule module, AdapterConfig config, AdapterTensors tensors, DecoderConfig base) {
        TensorView a = tensors.down(module).orElseThrow(() -> missing(module, "A"));
        TensorView b = tensors.up(module).orElseThrow(() -> missing(module, "B"));
        int rank = config.rank(module.name());
        checkShape(a, 1, module.inputWidth(base), 0, rank);
        checkShape(b, 0, module.outputWidth(base), 1, rank);
        return new LoraPair(rank, config.scale(module.name()), a, b);
    }

    private static FactoryException missing(LinearModule module, String half) {
        return Faults.invalid(
                AdapterTensors.FILE,
                "lora_" + half + " of " + module.name() + " is missing, which " + AdapterConfig.FILE + " selects");
    }

    private static void checkShape(TensorView view, int widthAt, int width, int rankAt, int rank) {
        long[] shape = view.shape();
        if (shape.length != 2 || !view.type().isReadable()) {
            throw Faults.invalid(AdapterTensors.FILE, Faults.quote(view.name()) + " is not a matrix of floats");
        }
        if (shape[widthAt] != width) {
            throw new FactoryException(
                    ErrorCode.ADAPTER_MISMATCH,
                    AdapterTensors.FILE + ": " + Faults.quote(view.name()) + " has the shape " + Arrays.toString(shape)
                            + ", but the base model is " + width + " wide there");
        }
        if (shape[rankAt] != rank) {
            throw Faults.invalid(
                    AdapterTensors.FILE,
                    Faults.quote(view.name()) + " has rank " + shape[rankAt] + ", but " + AdapterConfig.FILE + " says "
                            + rank);
        }
    }

    /** Refuses values that are no numbers; tells whether the pair changes anything. */
    private static boolean checkValues(LoraPair pair) {
        boolean a = checkValues(pair.a());
        boolean b = checkValues(pair.b());
        return a && b && pair.scale() != 0;
    }

    private static boolean checkValues(TensorView view) {
        boolean anything = false;
        for (float value : view.toFloats()) {
            if (!Float.isFinite(value)) {
                throw Faults.invalid(AdapterTensors.FILE, Faults.quote(view.name()) + " holds " + value);
            }
            anything |= value != 0;
        }
        return anything;
    }

    private static void split(
            LinearModule module, LoraPair whole, DecoderConfig base, Map<LoraTarget, LoraPair> pairs) {
        int from = 0;
        for (Projection part : module.parts()) {
            int to = from + part.outputWidth(base);
            TensorView b = module.parts().size() == 1 ? whole.b() : whole.b().rows(from, to);
            pairs.put(new LoraTarget(module.layer(), part), new LoraPair(whole.rank(), whole.scale(), whole.a(), b));
            from = to;
        }
    }

    /** The largest rank. */
    public int rank() {
        return pairs.values().stream().mapToInt(LoraPair::rank).max().orElseThrow();
    }

    /** The projections it changes, for example {@code q_proj}. */
    public Set<String> targetModules() {
        return pairs.keySet().stream()
                .map(target -> target.projection().moduleName())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What it changes; Phi-3's fused layers appear as their parts, which share A. */
    public Map<LoraTarget, LoraPair> pairs() {
        return pairs;
    }

    /**
     * The adapter's identity, 64 lower-case hex digits: the SHA-256 of what {@code sha256sum} prints for
     * {@code adapter_config.json} and {@code adapter_model.safetensors}. Reads both files at every call.
     */
    public String digest() {
        return digestOf(folder);
    }

    /** Releases the file. Views that were handed out stay valid. */
    @Override
    public void close() {
        file.close();
    }
}
