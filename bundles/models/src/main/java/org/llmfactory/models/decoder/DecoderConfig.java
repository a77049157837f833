package org.llmfactory.models.decoder;

import java.util.Objects;
import java.util.Set;

/**
 * The shape of a decoder of the Llama line: pre-norm blocks of grouped-query attention with rotary positions and a
 * gated SiLU feed-forward layer.
 *
 * @param family {@code llama}, {@code mistral}, {@code qwen2}, {@code qwen3} or {@code phi3}
 * @param vocabularySize rows of the embedding
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the feed-forward layer
 * @param layers number of blocks
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param headDim width of a head; even
 * @param normEpsilon added to the mean square in every RMS norm
 * @param contextLength tokens of prompt and completion together
 * @param ropeTheta base of the rotary frequencies
 * @param rope how they are stretched
 * @param slidingWindow how many positions back attention reaches, its own included, in every layer; 0 for all
 * @param attentionBias whether the query, key and value projections have a bias
 * @param queryKeyNorm whether queries and keys are RMS-normalised by head before the rotation
 * @param tiedEmbeddings whether the output head is the embedding; {@code lm_head.weight} is found in either case
 * @param beginTokens ids that may begin a sequence, usually one or none
 * @param stopTokens ids that end a generation
 */
public record DecoderConfig(
        String family,
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        double normEpsilon,
        int contextLength,
        double ropeTheta,
        RopeScaling rope,
        int slidingWindow,
        boolean attentionBias,
        boolean queryKeyNorm,
        boolean tiedEmbeddings,
        Set<Integer> beginTokens,
        Set<Integer> stopTokens) {
    public DecoderConfig {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(rope, "rope");
        beginTokens = Set.copyOf(beginTokens);
        stopTokens = Set.copyOf(stopTokens);
    }

    /** Width of all query heads together. */
    public int queryWidth() {
        return heads * headDim;
    }

    /** Width of all key heads together, and of all value heads. */
    public int keyValueWidth() {
        return keyValueHeads * headDim;
    }
}
