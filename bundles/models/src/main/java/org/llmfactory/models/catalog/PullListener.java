package org.llmfactory.models.catalog;

/** Hears how a pull goes on, from the pulling threads, one call at a time. */
public interface PullListener {
    /** Hears nothing. */
    PullListener NONE = new PullListener() {};

    /** A source is tried now. */
    default void onSource(String source) {}

    /**
     * Bytes here so far, of those the model has. Begins anew with each source; of a package what is downloaded counts.
     */
    default void onProgress(long bytes, long total) {}

    /** A source failed; the next one is tried, if there is one. */
    default void onFailure(String source, String reason) {}
}
