package org.llmfactory.storage.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Encryption over a real S3 server. */
class EncryptedS3ObjectStoreTest extends EncryptedObjectStoreTest {
    @TempDir
    static Path folder;

    private static S3Server server;

    @BeforeAll
    static void startServer() throws IOException {
        server = new S3Server(folder);
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Override
    RawStore newRaw(Path home) {
        return new S3ObjectStore(server.settings(UUID.randomUUID().toString()));
    }
}
