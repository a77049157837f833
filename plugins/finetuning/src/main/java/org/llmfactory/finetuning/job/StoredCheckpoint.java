package org.llmfactory.finetuning.job;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A checkpoint that was registered as an adapter.
 *
 * @param created milliseconds since 1970
 * @param adapter id of the adapter
 * @param digest of the adapter
 * @param prefix where the object store holds its files until the job has ended
 * @param metrics in OpenAI's words
 */
public record StoredCheckpoint(
        int step, String id, long created, String adapter, String digest, String prefix, ObjectNode metrics) {}
