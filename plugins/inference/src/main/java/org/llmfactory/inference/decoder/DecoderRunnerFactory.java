package org.llmfactory.inference.decoder;

import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.RunnerFactory;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Torch;
import org.osgi.service.component.annotations.Component;

/** Makes runners for the decoders of the Llama line. */
@Component
public final class DecoderRunnerFactory implements RunnerFactory {
    private static final Set<String> FAMILIES = Set.of("llama", "mistral", "qwen2", "qwen3", "phi3");
    private static final Set<DType> TYPES = Set.of(DType.FLOAT32, DType.BFLOAT16);

    @Override
    public boolean supports(ModelInfo model) {
        return FAMILIES.contains(model.family());
    }

    @Override
    public ModelRunner open(Torch torch, LocalModel model, RunnerOptions options) {
        options.weightType().filter(type -> !TYPES.contains(type)).ifPresent(type -> {
            throw new FactoryException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "weights of type " + type + " are not served; choose float32 or bfloat16");
        });
        try (PretrainedDecoder decoder = PretrainedDecoder.open(model.location())) {
            if (!FAMILIES.contains(decoder.config().family())) {
                throw new FactoryException(
                        ErrorCode.UNSUPPORTED_PARAMETER,
                        "models of the family " + decoder.config().family() + " are not served");
            }
            return TorchModelRunner.load(torch, decoder.config(), decoder.weights(), options);
        }
    }
}
