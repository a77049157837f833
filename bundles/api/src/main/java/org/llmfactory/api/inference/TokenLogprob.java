package org.llmfactory.api.inference;

/**
 * One candidate.
 *
 * @param logprob natural logarithm of its probability
 */
public record TokenLogprob(int id, float logprob) {}
