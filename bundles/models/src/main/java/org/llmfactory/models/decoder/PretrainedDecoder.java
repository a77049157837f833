package org.llmfactory.models.decoder;

import java.nio.file.Path;
import org.llmfactory.models.tensor.TensorSource;

/**
 * A base model on disk: a Hugging Face folder or a GGUF file, under one configuration and one set of weight names.
 * Safe for use by several threads.
 */
public final class PretrainedDecoder implements AutoCloseable {
    /**
     * Opens and checks a model; no weight is read yet.
     *
     * @param folderOrGguf a folder with {@code config.json} and safetensors, a folder that holds exactly one GGUF file,
     *     or a GGUF file
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the file's name and fault
     */
    public static PretrainedDecoder open(Path folderOrGguf) {
        throw new UnsupportedOperationException();
    }

    public DecoderConfig config() {
        throw new UnsupportedOperationException();
    }

    /**
     * The weights under Hugging Face's names for Llama, complete for {@link #config()} and of the right shapes:
     * {@code model.embed_tokens.weight}, {@code model.layers.N.self_attn.{q,k,v,o}_proj.{weight,bias}},
     * {@code .self_attn.{q,k}_norm.weight}, {@code .mlp.{gate,up,down}_proj.weight}, {@code .input_layernorm.weight},
     * {@code .post_attention_layernorm.weight}, {@code model.norm.weight}, {@code lm_head.weight}.
     */
    public TensorSource weights() {
        throw new UnsupportedOperationException();
    }

    /** SHA-256 of configuration and weights, 64 lower-case hex digits: the model's identity. */
    public String digest() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
