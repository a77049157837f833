package org.llmfactory.api.file;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a file. Its content never changes.
 *
 * @param id {@code file-…}
 * @param project whose it is
 * @param owner the principal who brought it
 * @param filename as it was sent, without a path, at most 255 characters
 * @param purpose OpenAI's word for what it is for, for example {@code fine-tune}
 * @param bytes its size
 * @param digest SHA-256 of the content, 64 lower-case hex digits
 * @param key where the {@link org.llmfactory.api.storage.ObjectStore} holds it
 * @param created when it was brought
 * @param expires when it is deleted by itself; empty for never
 */
public record FileInfo(
        String id,
        String project,
        String owner,
        String filename,
        String purpose,
        long bytes,
        String digest,
        String key,
        Instant created,
        Optional<Instant> expires) {
    public FileInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(purpose, "purpose");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(expires, "expires");
    }
}
