package org.llmfactory.api.inference;

/** Why a generation ended. */
public enum FinishReason {
    /** A stop token was generated. */
    STOP,
    /** The token limit or the context's end was reached. */
    LENGTH,
    /** The caller lost interest. */
    CANCELLED
}
