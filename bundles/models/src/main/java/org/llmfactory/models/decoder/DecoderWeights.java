package org.llmfactory.models.decoder;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.tensor.TensorSource;
import org.llmfactory.models.tensor.TensorView;

/** Presents the tensors of a file under Hugging Face's names and layout for Llama; checked to be complete. */
final class DecoderWeights implements TensorSource {
    private final DecoderConfig config;
    private final TensorSource source;
    private final UnaryOperator<String> nameInFile;
    private final boolean fused;
    private final boolean pairsSideBySide;
    private final Map<String, long[]> shapes;

    private DecoderWeights(
            DecoderConfig config,
            TensorSource source,
            UnaryOperator<String> nameInFile,
            boolean fused,
            boolean pairsSideBySide) {
        this.config = config;
        this.source = source;
        this.nameInFile = nameInFile;
        this.fused = fused;
        this.pairsSideBySide = pairsSideBySide;
        this.shapes = WeightShapes.of(config);
    }

    /** The weights of a Hugging Face folder. */
    static DecoderWeights ofHuggingFace(DecoderConfig config, TensorSource source) {
        DecoderFamily family = DecoderFamily.ofModelType(HuggingFaceConfig.CONFIG, config.family());
        return new DecoderWeights(config, source, UnaryOperator.identity(), family.fusedWeights(), false)
                .checked("the weights");
    }

    /** The weights of a GGUF file, whose Llama files hold the two dimensions of a rotation side by side. */
    static DecoderWeights ofGguf(DecoderConfig config, TensorSource source, String file) {
        DecoderFamily family = DecoderFamily.ofArchitecture(file, config.family());
        return new DecoderWeights(config, source, GgufNames::of, family.fusedWeights(), family == DecoderFamily.LLAMA)
                .checked(file);
    }

    private DecoderWeights checked(String file) {
        shapes.forEach((name, shape) -> {
            TensorView view = locate(name)
                    .orElseThrow(() -> Faults.invalid(file, Faults.quote(nameInFile.apply(name)) + " is missing"));
            if (!view.hasShape(shape)) {
                throw Faults.invalid(
                        file,
                        Faults.quote(nameInFile.apply(name)) + " has the shape " + Arrays.toString(view.shape())
                                + ", the configuration says " + Arrays.toString(shape));
            }
            if (!view.type().isReadable()) {
                throw Faults.invalid(
                        file,
                        Faults.quote(nameInFile.apply(name)) + " is of type " + view.type() + ", which is not read");
            }
        });
        return this;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shapes.keySet());
    }

    @Override
    public Optional<TensorView> find(String name) {
        return shapes.containsKey(name)
                ? locate(name).map(view -> ordered(name, view).named(name))
                : Optional.empty();
    }

    @Override
    public void close() {
        source.close();
    }

    private Optional<TensorView> locate(String name) {
        String inFile = name.equals(WeightShapes.HEAD) && config.tiedEmbeddings() ? WeightShapes.EMBEDDING : name;
        return (fused ? part(inFile) : Optional.<TensorView>empty()).or(() -> source.find(nameInFile.apply(inFile)));
    }

    /** The rows of a fused tensor that belong to a name. */
    private Optional<TensorView> part(String name) {
        int queries = config.queryWidth();
        int keys = config.keyValueWidth();
        int intermediate = config.intermediateSize();
        if (name.contains(".q_proj.")) {
            return rows(name.replace(".q_proj.", ".qkv_proj."), queries + 2 * keys, 0, queries);
        }
        if (name.contains(".k_proj.")) {
            return rows(name.replace(".k_proj.", ".qkv_proj."), queries + 2 * keys, queries, keys);
        }
        if (name.contains(".v_proj.")) {
            return rows(name.replace(".v_proj.", ".qkv_proj."), queries + 2 * keys, queries + keys, keys);
        }
        if (name.contains(".gate_proj.")) {
            return rows(name.replace(".gate_proj.", ".gate_up_proj."), 2 * intermediate, 0, intermediate);
        }
        if (name.contains(".up_proj.")) {
            return rows(name.replace(".up_proj.", ".gate_up_proj."), 2 * intermediate, intermediate, intermediate);
        }
        return Optional.empty();
    }

    private Optional<TensorView> rows(String fusedName, int total, int from, int count) {
        return source.find(nameInFile.apply(fusedName))
                .filter(view -> view.hasShape(total, config.hiddenSize()))
                .map(view -> view.rows(from, from + count));
    }

    private TensorView ordered(String name, TensorView view) {
        boolean rotated = name.contains(".q_proj.") || name.contains(".k_proj.");
        if (!pairsSideBySide || !rotated) {
            return view;
        }
        int half = config.headDim() / 2;
        int[] order = new int[Math.toIntExact(view.shape()[0])];
        for (int row = 0; row < order.length; row++) {
            int head = row / config.headDim();
            int inHead = row % config.headDim();
            order[row] = head * config.headDim() + inHead % half * 2 + inHead / half;
        }
        return view.reordered(order);
    }
}
