package org.llmfactory.api.training;

/** What an adapter learns from. */
public enum Stage {
    /** Unstructured text, packed into sequences of full length; every token counts. */
    PRETRAINING,
    /** Conversations; only what the assistant says counts. */
    SUPERVISED,
    /** Pairs of a preferred and another answer (direct preference optimization, Rafailov et al. 2023). */
    PREFERENCE
}
