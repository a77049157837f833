package org.llmfactory.storage.internal;

import io.minio.messages.Part;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import okhttp3.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores streams of unknown length, in parts when they are long. What fails is aborted, so that its parts do not stay in the
 * bucket; when that fails too, the server being away, it is done before a later upload.
 */
final class S3Uploads {
    private static final Logger LOG = LoggerFactory.getLogger(S3Uploads.class);

    private final S3Calls calls;
    private final String bucket;
    private final int partSize;
    private final Queue<Upload> left = new ConcurrentLinkedQueue<>();

    S3Uploads(S3Calls calls, String bucket, int partSize) {
        this.calls = calls;
        this.bucket = bucket;
        this.partSize = partSize;
    }

    /** Stores what a stream holds, whole or not at all. */
    Written put(String name, InputStream content) throws IOException {
        abortLeft();
        byte[] first = content.readNBytes(partSize);
        if (first.length == partSize) {
            return putParts(name, first, content);
        }
        Headers answer =
                calls.whole(client -> client.put(bucket, name, first, false)).headers();
        return new Written(first.length, time(answer));
    }

    private Written putParts(String name, byte[] first, InputStream content) throws IOException {
        String id = calls.whole(client -> client.createMultipartUploadAsync(bucket, null, name, null, null))
                .result()
                .uploadId();
        Upload upload = new Upload(name, id);
        try {
            List<Part> parts = new ArrayList<>();
            long size = 0;
            for (byte[] part = first; part.length > 0; part = content.readNBytes(partSize)) {
                parts.add(send(upload, parts.size() + 1, part));
                size += part.length;
            }
            Part[] all = parts.toArray(Part[]::new);
            Headers answer = calls.whole(
                            client -> client.completeMultipartUploadAsync(bucket, null, name, id, all, null, null))
                    .headers();
            return new Written(size, time(answer));
        } catch (IOException | RuntimeException e) {
            left.add(upload);
            abortLeft();
            throw e;
        }
    }

    private Part send(Upload upload, int number, byte[] part) throws IOException {
        String etag = calls.whole(client -> client.uploadPartAsync(
                        bucket, null, upload.name(), part, part.length, upload.id(), number, null, null))
                .etag();
        return new Part(number, etag);
    }

    private void abortLeft() {
        for (Upload upload = left.poll(); upload != null; upload = left.poll()) {
            try {
                abort(upload);
            } catch (IOException e) {
                left.add(upload);
                LOG.warn("The upload of {} is not aborted yet: {}", upload.name(), e.getMessage());
                return;
            }
        }
    }

    private void abort(Upload upload) throws IOException {
        try {
            calls.whole(
                    client -> client.abortMultipartUploadAsync(bucket, null, upload.name(), upload.id(), null, null));
        } catch (S3Exception e) {
            if (!e.noSuchUpload()) {
                throw e;
            }
        }
    }

    /** When the server says that it is. */
    private static Instant time(Headers answer) {
        Date date = answer.getDate("Date");
        return date == null ? Instant.now() : date.toInstant();
    }

    private record Upload(String name, String id) {}

    /**
     * What was stored.
     *
     * @param size in bytes
     */
    record Written(long size, Instant time) {}
}
