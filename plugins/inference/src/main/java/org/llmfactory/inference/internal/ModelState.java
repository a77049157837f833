package org.llmfactory.inference.internal;

/**
 * Where a model is on its way to be served.
 *
 * @param detail why, in words for an administrator; may be empty
 */
record ModelState(String model, Phase phase, String detail) {
    enum Phase {
        LOADING,
        READY,
        BROKEN,
        FAILED
    }
}
