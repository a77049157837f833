package org.llmfactory.storage.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.llmfactory.storage.testing.S3Server;

/** The S3 servers of this bundle's tests. */
final class TestServers {
    private TestServers() {}

    /** Starts one that keeps its files in a folder. */
    static S3Server start(Path folder) throws IOException {
        return new S3Server(Path.of("target", "s3-server.jar"), folder);
    }

    /** How to reach one: short timeouts and the smallest parts. */
    static S3Settings settings(String endpoint, String prefix) {
        return new S3Settings(
                endpoint,
                S3Server.BUCKET,
                "us-east-1",
                ObjectKey.ofPrefix(prefix),
                "access",
                "secret",
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                5 * 1024 * 1024);
    }
}
