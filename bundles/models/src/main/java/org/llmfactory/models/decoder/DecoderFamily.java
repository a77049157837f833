package org.llmfactory.models.decoder;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.llmfactory.models.internal.Faults;

/**
 * The families that one decoder program serves, and how they differ from Llama. A further family of the same line is a
 * constant here; a family of another architecture (learned positions, experts, parallel blocks) needs a decoder of its
 * own beside this package's {@link PretrainedDecoder}.
 */
enum DecoderFamily {
    LLAMA("llama", "llama", 1e-6, false, false, false),
    MISTRAL("mistral", null, 1e-6, false, false, false),
    QWEN2("qwen2", "qwen2", 1e-6, true, false, false),
    QWEN3("qwen3", "qwen3", 1e-6, false, true, false),
    PHI3("phi3", "phi3", 1e-5, false, false, true);

    private final String modelType;
    private final Optional<String> ggufArchitecture;
    private final double defaultNormEpsilon;
    private final boolean attentionBias;
    private final boolean queryKeyNorm;
    private final boolean fusedWeights;

    DecoderFamily(
            String modelType,
            @Nullable String ggufArchitecture,
            double defaultNormEpsilon,
            boolean attentionBias,
            boolean queryKeyNorm,
            boolean fusedWeights) {
        this.modelType = modelType;
        this.ggufArchitecture = Optional.ofNullable(ggufArchitecture);
        this.defaultNormEpsilon = defaultNormEpsilon;
        this.attentionBias = attentionBias;
        this.queryKeyNorm = queryKeyNorm;
        this.fusedWeights = fusedWeights;
    }

    /** The family of a {@code model_type} in {@code config.json}. */
    static DecoderFamily ofModelType(String file, String modelType) {
        return Arrays.stream(values())
                .filter(family -> family.modelType.equals(modelType))
                .findFirst()
                .orElseThrow(() -> unserved(file, modelType));
    }

    /** The family of a {@code general.architecture} in a GGUF file. */
    static DecoderFamily ofArchitecture(String file, String architecture) {
        return Arrays.stream(values())
                .filter(family ->
                        family.ggufArchitecture.filter(architecture::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> unserved(file, architecture));
    }

    private static RuntimeException unserved(String file, String name) {
        String served = Arrays.stream(values()).map(family -> family.modelType).collect(Collectors.joining(", "));
        return Faults.invalid(
                file, "models of the family " + Faults.quote(name) + " are not served yet; served are " + served);
    }

    /** Hugging Face's name, which is also ours. */
    String modelType() {
        return modelType;
    }

    /** What transformers assumes when {@code rms_norm_eps} is absent. */
    double defaultNormEpsilon() {
        return defaultNormEpsilon;
    }

    /** Whether queries, keys and values always have a bias. */
    boolean attentionBias() {
        return attentionBias;
    }

    /** Whether queries and keys are normalised by head. */
    boolean queryKeyNorm() {
        return queryKeyNorm;
    }

    /** Whether the file holds query, key and value in one tensor, and gate and up in one. */
    boolean fusedWeights() {
        return fusedWeights;
    }
}
