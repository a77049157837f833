package org.llmfactory.storage.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3SettingsTest {
    private static final Map<String, Object> GIVEN = Map.of("endpoint", "https://s3.example.org", "bucket", "blobs");

    @TempDir
    Path secrets;

    @Test
    void anEndpointABucketAndCredentialsAreEnough() throws IOException {
        credentials("s3.credentials", "me\ngeheim\n", "rw-------");

        S3Settings settings = settings(GIVEN);

        assertThat(settings)
                .isEqualTo(new S3Settings(
                        "https://s3.example.org",
                        "blobs",
                        "us-east-1",
                        ObjectKey.ofPrefix(""),
                        "me",
                        "geheim",
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(120),
                        16 * 1024 * 1024));
        assertThat(settings.toString()).doesNotContain("geheim");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        credentials("s3.credentials", "me\ngeheim", "rw-------");

        for (String name : new String[] {"endpoint", "bucket", "region", "credentialsFile"}) {
            assertRefused(name, "", name);
        }
        assertRefused("credentialsFile", "other", "other");
    }

    @Test
    void limitsOutOfReasonAreRefused() throws IOException {
        credentials("s3.credentials", "me\ngeheim", "rw-------");

        assertRefused("partSizeMib", 4, "partSizeMib");
        assertRefused("partSizeMib", 1025, "partSizeMib");
        assertRefused("connectTimeoutSeconds", 0, "connectTimeoutSeconds");
        assertRefused("idleTimeoutSeconds", 0, "idleTimeoutSeconds");
        assertRefused("requestTimeoutSeconds", -1, "requestTimeoutSeconds");
        assertRefused("prefix", "../up", "key");
        assertRefused("bucket", "b", "bucket");
    }

    @Test
    void credentialsAreTwoLinesThatOnlyTheirOwnerReads() throws IOException {
        credentials("open", "me\ngeheim", "rw-r-----");
        credentials("short", "me", "rw-------");

        assertRefused("credentialsFile", "open", "chmod 600");
        assertRefused("credentialsFile", "short", "access key");
        assertRefused("credentialsFile", "../" + secrets.getFileName() + "/../x", "not a path");
    }

    private void assertRefused(String name, Object value, String message) {
        Map<String, Object> configured = new HashMap<>(GIVEN);
        configured.put(name, value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(configured))
                .withMessageContaining(message)
                .withMessageNotContaining("geheim");
    }

    private void credentials(String name, String content, String mode) throws IOException {
        Path file = Files.writeString(secrets.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private S3Settings settings(Map<String, Object> configured) throws IOException {
        Config config = (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> configured.getOrDefault(method.getName(), method.getDefaultValue()));
        return S3Settings.of(config, secrets);
    }
}
