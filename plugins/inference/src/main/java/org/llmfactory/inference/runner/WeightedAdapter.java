package org.llmfactory.inference.runner;

/** A resident adapter's part in a mix. */
public record WeightedAdapter(ResidentAdapter adapter, float weight) {}
