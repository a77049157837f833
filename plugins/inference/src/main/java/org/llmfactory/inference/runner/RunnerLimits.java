package org.llmfactory.inference.runner;

/**
 * What a runner's model and memory allow.
 *
 * @param vocabularySize logits of one row
 * @param contextLength positions a sequence may have
 * @param blockSize tokens of one block of key-value memory
 * @param blocks blocks there are; their numbers are 0 to {@code blocks - 1}
 */
public record RunnerLimits(int vocabularySize, int contextLength, int blockSize, int blocks) {}
