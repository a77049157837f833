package org.llmfactory.api.training;

/**
 * What a run is going to do.
 *
 * @param steps optimizer steps in all
 * @param firstStep the step it begins with: 1, or the one after the state it goes on from
 * @param examples of the training data
 * @param tokens of one pass over the training data
 * @param cutExamples how many examples were longer than allowed
 */
public record TrainingPlan(int steps, int firstStep, int examples, long tokens, int cutExamples) {}
