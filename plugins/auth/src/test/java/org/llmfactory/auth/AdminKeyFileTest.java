package org.llmfactory.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminKeyFileTest {
    @TempDir
    Path folder;

    @Test
    void keyIsMadeWhenThereIsNoneAndStaysTheSame() throws IOException {
        Path file = folder.resolve("admin.key");

        String key = AdminKeyFile.readOrCreate(file);

        assertThat(key).matches("sk-admin-[0-9a-f]{64}");
        assertThat(AdminKeyFile.readOrCreate(file)).isEqualTo(key);
        assertThat(folder.toFile().list()).containsExactly("admin.key");
    }

    @Test
    void keyFileIsReadableByItsOwnerOnly() throws IOException {
        Path file = folder.resolve("admin.key");
        Files.writeString(file, "sk-admin-0123456789abcdef0123");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        AdminKeyFile.readOrCreate(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void newKeyFileIsReadableByItsOwnerOnly() throws IOException {
        AdminKeyFile.readOrCreate(folder.resolve("admin.key"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("admin.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void keyThatIsTooShortIsRefusedWithTheRemedy() throws IOException {
        Path file = folder.resolve("admin.key");
        Files.writeString(file, "\n");

        assertThatThrownBy(() -> AdminKeyFile.readOrCreate(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("delete the file");
    }

    @Test
    void concurrentFirstStartsAgreeOnOneKey() throws Exception {
        Path file = folder.resolve("admin.key");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        Set<String> keys = new HashSet<>();
        Callable<String> start = () -> AdminKeyFile.readOrCreate(file);
        for (Future<String> key : threads.invokeAll(List.of(start, start, start, start, start, start, start, start))) {
            keys.add(key.get());
        }
        threads.shutdown();

        assertThat(keys).hasSize(1);
    }
}
