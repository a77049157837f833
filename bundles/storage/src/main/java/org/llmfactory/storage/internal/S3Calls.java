package org.llmfactory.storage.internal;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/** Requests to one S3 server: each ends within its deadline, and each failure is an {@link IOException}. */
final class S3Calls implements AutoCloseable {
    private static final int CONNECTIONS = 64;

    private final OkHttpClient http;
    private final S3Client whole;
    private final S3Client streamed;
    private final Duration deadline;

    S3Calls(S3Settings settings) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(CONNECTIONS);
        dispatcher.setMaxRequestsPerHost(CONNECTIONS);
        this.http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectTimeout(settings.connect())
                .readTimeout(settings.idle())
                .writeTimeout(settings.idle())
                .build();
        this.deadline = settings.request();
        this.streamed = new S3Client(settings, http);
        this.whole = new S3Client(
                settings, http.newBuilder().callTimeout(settings.request()).build());
    }

    /** Does a request, its answer included, within the deadline. */
    <T> T whole(Request<T> request) throws IOException {
        return await(request, whole);
    }

    /** Does a request whose answer begins within the deadline and may be read as long as it keeps flowing. */
    <T extends InputStream> T streamed(Request<T> request) throws IOException {
        return await(request, streamed);
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private <T> T await(Request<T> request, S3Client client) throws IOException {
        try {
            CompletableFuture<T> answer = request.send(client);
            try {
                return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | InterruptedException e) {
                var unused = answer.thenAccept(S3Calls::discard);
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while the object store was awaited.");
        } catch (TimeoutException e) {
            throw new IOException("The object store did not answer within " + deadline.toSeconds() + " s.", e);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (MinioException | GeneralSecurityException e) {
            throw new IOException("The object store cannot be asked.", e);
        }
    }

    /** What comes after nobody waits for it any more. */
    private static void discard(Object late) {
        if (late instanceof AutoCloseable resource) {
            try {
                resource.close();
            } catch (Exception e) {
                // It is closed as far as it can be.
            }
        }
    }

    private static IOException failure(ExecutionException failed) {
        Throwable cause = failed;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ErrorResponseException refused) {
            return new S3Exception(
                    refused.response().code(),
                    refused.errorResponse().code(),
                    String.valueOf(refused.errorResponse().message()),
                    refused);
        }
        return new IOException("The object store does not answer as it should: " + cause.getMessage(), cause);
    }

    /** Something to ask of the server. */
    interface Request<T> {
        CompletableFuture<T> send(S3Client client) throws IOException, MinioException, GeneralSecurityException;
    }
}
