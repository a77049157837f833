package org.llmfactory.finetuning.search;

import org.jspecify.annotations.Nullable;
import org.llmfactory.finetuning.job.Status;

/**
 * A search as it lies in the table. Times are milliseconds since 1970.
 *
 * @param status {@code RUNNING}, or how it ended
 * @param finished when it ended
 * @param best number of the best trial, once it ended with one
 */
public record Search(
        String id,
        String project,
        String owner,
        Status status,
        long created,
        @Nullable Long finished,
        @Nullable Integer best,
        SearchRequest request) {
    static final String PREFIX = "ftsearch-";
}
