package org.llmfactory.storage.internal;

import com.google.common.collect.Multimap;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.ListObjectsV2Response;
import io.minio.ObjectWriteResponse;
import io.minio.RemoveObjectArgs;
import io.minio.S3Base;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.credentials.StaticProvider;
import io.minio.errors.MinioException;
import io.minio.http.HttpUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The core of the MinIO client. Its usual classes are not used: they send what is stored in a way that is not tried again when a
 * connection turns out to be dead, list without a deadline, and need libraries that pack many objects into one.
 */
final class S3Client extends S3Base {
    private static final int PAGE = 1000;

    S3Client(S3Settings settings, OkHttpClient http) {
        super(
                HttpUtils.getBaseUrl(settings.endpoint()),
                null,
                null,
                false,
                false,
                settings.region(),
                new StaticProvider(settings.accessKey(), settings.secretKey(), null),
                http,
                false);
    }

    CompletableFuture<ObjectWriteResponse> put(String bucket, String name, byte[] content, boolean onlyIfAbsent)
            throws IOException, MinioException, GeneralSecurityException {
        Multimap<String, String> headers = onlyIfAbsent ? newMultimap("If-None-Match", "*") : newMultimap();
        return putObjectAsync(bucket, region, name, content, content.length, headers, newMultimap());
    }

    /** The content is to be closed. */
    CompletableFuture<GetObjectResponse> get(GetObjectArgs args)
            throws IOException, MinioException, GeneralSecurityException {
        return executeGetAsync(args, args.getHeaders(), newMultimap())
                .thenApply(answer -> new GetObjectResponse(
                        answer.headers(),
                        args.bucket(),
                        region,
                        args.object(),
                        answer.body().byteStream()));
    }

    CompletableFuture<StatObjectResponse> stat(StatObjectArgs args)
            throws IOException, MinioException, GeneralSecurityException {
        return statObjectAsync(args);
    }

    /** The page, of at most 1000, that a token of the page before names, or the first. */
    CompletableFuture<ListObjectsV2Response> page(String bucket, String prefix, @Nullable String token)
            throws IOException, MinioException, GeneralSecurityException {
        return listObjectsV2Async(
                bucket, region, null, null, null, PAGE, prefix, token, false, false, newMultimap(), newMultimap());
    }

    CompletableFuture<Void> delete(RemoveObjectArgs args) throws IOException, MinioException, GeneralSecurityException {
        return executeDeleteAsync(args, newMultimap(), newMultimap()).thenAccept(Response::close);
    }

    @Override
    public void close() {
        // The connections are the caller's.
    }
}
