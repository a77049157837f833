package org.llmfactory.files.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.files.store.Entry;

/**
 * A file on the wire.
 *
 * @param createdAt seconds since 1970
 * @param expiresAt seconds since 1970; absent for never
 * @param lineage what it was made of; not in OpenAI's object, and absent for files that were brought
 */
@JsonNaming(SnakeCaseStrategy.class)
public record FileObject(
        String id,
        String object,
        long bytes,
        long createdAt,
        @JsonInclude(Include.NON_NULL) @Nullable Long expiresAt,
        String filename,
        String purpose,
        String status,

        @JsonInclude(Include.NON_NULL) @JsonRawValue @Nullable
        String lineage) {
    static FileObject of(Entry entry) {
        FileInfo file = entry.file();
        return new FileObject(
                file.id(),
                "file",
                file.bytes(),
                file.created().getEpochSecond(),
                file.expires().map(Instant::getEpochSecond).orElse(null),
                file.filename(),
                file.purpose(),
                "processed",
                entry.lineage().orElse(null));
    }
}
