package org.llmfactory.storage.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.storage.testing.S3Server;

/** Encryption over a real S3 server. */
class EncryptedS3ObjectStoreTest extends EncryptedObjectStoreTest {
    @TempDir
    static Path folder;

    private static S3Server server;

    @BeforeAll
    static void startServer() throws IOException {
        server = TestServers.start(folder);
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Override
    RawStore newRaw(Path home) {
        return new S3ObjectStore(
                TestServers.settings(server.endpoint(), UUID.randomUUID().toString()));
    }

    @Test
    void filesThatAreCopiedIntoTheBucketAreItsBlobs(@TempDir Path home) throws IOException {
        Path objects = home.resolve("objects");
        Path master = home.resolve("secrets/storage.key");
        EncryptedObjectStore files = new EncryptedObjectStore(new FileObjectStore(objects), master);
        for (String key : new String[] {"projects/p/a", "adapters/a"}) {
            files.put(key, new ByteArrayInputStream(key.getBytes(UTF_8)));
        }
        S3Settings settings = TestServers.settings(server.endpoint(), "moved");
        try (S3Calls calls = new S3Calls(settings);
                Stream<Path> found = Files.walk(objects)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                String name = "moved/" + objects.relativize(file);
                calls.whole(client -> client.put(S3Server.BUCKET, name, content, false));
            }
        }

        EncryptedObjectStore moved = new EncryptedObjectStore(new S3ObjectStore(settings), master);
        try {
            assertThat(moved.list("")).extracting(StoredObject::key).containsExactly("adapters/a", "projects/p/a");
            for (StoredObject object : moved.list("")) {
                try (InputStream in = moved.open(object.key(), 0).orElseThrow()) {
                    assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(object.key());
                }
            }
        } finally {
            moved.close();
        }
    }
}
