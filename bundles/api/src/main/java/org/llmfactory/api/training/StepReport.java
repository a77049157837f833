package org.llmfactory.api.training;

/**
 * One optimizer step.
 *
 * @param step 1 for the first
 * @param loss mean negative log-likelihood of the tokens that count, or the loss of preference pairs
 * @param accuracy share of those tokens that were the likeliest, or of the pairs that were ranked as preferred
 * @param learningRate of this step
 * @param gradientNorm before it was limited
 * @param trainedTokens tokens of all steps so far, of earlier runs of the order too
 */
public record StepReport(
        int step, double loss, double accuracy, double learningRate, double gradientNorm, long trainedTokens) {}
