package org.llmfactory.storage.internal;

import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.messages.ListBucketResultV2;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.storage.StoredObject;

/**
 * Blobs as objects of an S3 bucket.
 *
 * <p>The blob {@code a/b} is the object {@code <prefix>/a/b@}, the name that {@link FileObjectStore} gives its file: files can
 * be copied into a bucket as they are, and servers that keep objects as files know {@code a@} from the folder of {@code a/b@}.
 */
final class S3ObjectStore implements RawStore {
    private static final int ATTEMPTS = 5;

    private final S3Calls calls;
    private final S3Uploads uploads;
    private final String bucket;
    private final String root;

    /** Asks nothing of the server yet. */
    S3ObjectStore(S3Settings settings) {
        this.calls = new S3Calls(settings);
        this.uploads = new S3Uploads(calls, settings.bucket(), settings.partSize());
        this.bucket = settings.bucket();
        this.root = folder("", settings.prefix());
    }

    @Override
    public StoredObject put(String key, InputStream content) throws IOException {
        S3Uploads.Written written = uploads.put(name(ObjectKey.of(key)), content);
        return new StoredObject(key, written.size(), written.time());
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) throws IOException {
        String name = name(ObjectKey.of(key));
        try {
            calls.whole(client -> client.put(bucket, name, content, true));
            return true;
        } catch (S3Exception e) {
            if (e.conditionFailed()) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Optional<InputStream> open(String key, long offset) throws IOException {
        String name = name(ObjectKey.of(key));
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative");
        }
        try {
            return Optional.of(get(from(name, offset)));
        } catch (S3Exception e) {
            if (e.absent()) {
                return Optional.empty();
            }
            if (e.beyondTheEnd()) {
                return Optional.of(InputStream.nullInputStream());
            }
            throw e;
        }
    }

    @Override
    public Optional<Opened> open(String key, int head, long offset) throws IOException {
        String name = name(ObjectKey.of(key));
        for (int attempt = 1; ; attempt++) {
            try {
                return Optional.of(offset == head ? openWhole(name, head) : openParts(name, head, offset));
            } catch (S3Exception e) {
                if (e.absent()) {
                    return Optional.empty();
                }
                if (!e.conditionFailed() || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public Optional<StoredObject> stat(String key) throws IOException {
        String name = name(ObjectKey.of(key));
        StatObjectArgs args =
                StatObjectArgs.builder().bucket(bucket).object(name).build();
        try {
            StatObjectResponse facts = calls.whole(client -> client.stat(args));
            return Optional.of(
                    new StoredObject(key, facts.size(), facts.lastModified().toInstant()));
        } catch (S3Exception e) {
            if (e.absent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
        ObjectKey wanted = ObjectKey.ofPrefix(prefix);
        List<StoredObject> found = new ArrayList<>();
        if (!wanted.segments().isEmpty()) {
            stat(wanted.toString()).ifPresent(found::add);
        }
        String folder = folder(root, wanted);
        String next = null;
        do {
            next = page(folder, next, found);
        } while (next != null);
        found.sort(Comparator.comparing(StoredObject::key));
        return List.copyOf(found);
    }

    @Override
    public boolean delete(String key) throws IOException {
        if (stat(key).isEmpty()) {
            return false;
        }
        RemoveObjectArgs args = RemoveObjectArgs.builder()
                .bucket(bucket)
                .object(name(ObjectKey.of(key)))
                .build();
        calls.whole(client -> client.delete(args));
        return true;
    }

    @Override
    public int deleteAll(String prefix) throws IOException {
        int deleted = 0;
        for (StoredObject object : list(prefix)) {
            deleted += delete(object.key()) ? 1 : 0;
        }
        return deleted;
    }

    @Override
    public void close() {
        calls.close();
    }

    /** Adds what is on a page; the token of the next, if there is one. */
    private @Nullable String page(String folder, @Nullable String token, List<StoredObject> found) throws IOException {
        ListBucketResultV2 page =
                calls.whole(client -> client.page(bucket, folder, token)).result();
        page.contents()
                .forEach(object -> ObjectKey.ofPath(object.objectName().substring(root.length()))
                        .map(key -> new StoredObject(
                                key.toString(),
                                object.size(),
                                object.lastModified().toInstant()))
                        .ifPresent(found::add));
        return page.isTruncated() ? page.nextContinuationToken() : null;
    }

    private Opened openWhole(String name, int head) throws IOException {
        GetObjectResponse all = get(from(name, 0));
        try {
            byte[] first = all.readNBytes(head);
            return new Opened(ByteBuffer.wrap(first), Long.parseLong(header(all, "Content-Length")), all);
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private Opened openParts(String name, int head, long offset) throws IOException {
        byte[] first;
        long size;
        String version;
        try (GetObjectResponse in = get(from(name, 0).length((long) head))) {
            first = in.readNBytes(head);
            String range = header(in, "Content-Range");
            size = Long.parseLong(range.substring(range.indexOf('/') + 1));
            version = header(in, "ETag");
        } catch (S3Exception e) {
            if (e.beyondTheEnd()) {
                return new Opened(ByteBuffer.allocate(0), 0, InputStream.nullInputStream());
            }
            throw e;
        }
        return new Opened(
                ByteBuffer.wrap(first),
                size,
                offset < size ? get(from(name, offset).matchETag(version)) : InputStream.nullInputStream());
    }

    private GetObjectArgs.Builder from(String name, long offset) {
        GetObjectArgs.Builder args = GetObjectArgs.builder().bucket(bucket).object(name);
        return offset == 0 ? args : args.offset(offset);
    }

    private GetObjectResponse get(GetObjectArgs.Builder args) throws IOException {
        return calls.streamed(client -> client.get(args.build()));
    }

    private static String header(GetObjectResponse answer, String name) throws IOException {
        String value = answer.headers().get(name);
        if (value == null) {
            throw new IOException("The object store answers without the header " + name + ".");
        }
        return value;
    }

    private String name(ObjectKey key) {
        return root + key.path();
    }

    private static String folder(String root, ObjectKey key) {
        return key.segments().isEmpty() ? root : root + key + "/";
    }
}
