package org.llmfactory.files.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.llmfactory.files.store.Entry;
import org.llmfactory.files.store.Upload;

/**
 * An upload on the wire; times are seconds since 1970.
 *
 * @param status {@code pending}, {@code completed}, {@code cancelled} or {@code expired}
 * @param file null until it is complete
 */
@JsonNaming(SnakeCaseStrategy.class)
public record UploadObject(
        String id,
        String object,
        long bytes,
        long createdAt,
        String filename,
        String purpose,
        String status,
        long expiresAt,
        @Nullable FileObject file) {
    static UploadObject of(Upload upload, Upload.Status status, @Nullable Entry file) {
        return new UploadObject(
                upload.id(),
                "upload",
                upload.bytes(),
                upload.created().getEpochSecond(),
                upload.filename(),
                upload.purpose(),
                status.name().toLowerCase(Locale.ROOT),
                upload.expires().getEpochSecond(),
                file == null ? null : FileObject.of(file));
    }

    /** A part on the wire. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record PartObject(String id, String object, long createdAt, String uploadId) {
        static PartObject of(Upload.Part part) {
            return new PartObject(part.id(), "upload.part", part.created().getEpochSecond(), part.upload());
        }
    }
}
