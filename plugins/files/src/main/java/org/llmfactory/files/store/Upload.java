package org.llmfactory.files.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A file that comes in parts.
 *
 * @param bytes how many it is to have
 * @param expires when what has come of it is dropped, unless it is complete
 * @param lifetime how long the file is kept; empty for ever
 * @param file the file's id once it is complete
 */
public record Upload(
        String id,
        String project,
        String owner,
        String filename,
        String purpose,
        long bytes,
        Status status,
        Instant created,
        Instant expires,
        Optional<Duration> lifetime,
        Optional<String> file) {
    /** How far an upload is. */
    public enum Status {
        PENDING,
        COMPLETED,
        CANCELLED,
        EXPIRED
    }

    /**
     * A part of an upload.
     *
     * @param bytes its size
     */
    public record Part(String id, String upload, long bytes, Instant created) {}
}
