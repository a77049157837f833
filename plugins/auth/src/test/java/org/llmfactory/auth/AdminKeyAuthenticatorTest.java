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
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.identity.Caller;

final class AdminKeyAuthenticatorTest {
    @TempDir
    Path folder;

    @Test
    void keyIsMadeWhenThereIsNone() throws IOException {
        AdminKeyAuthenticator authenticator = new AdminKeyAuthenticator(new FolderHome(folder));
        String key = Files.readString(folder.resolve("admin.key")).strip();

        assertThat(key).matches("sk-admin-[A-Za-z0-9_-]{43}");
        assertThat(authenticator.authenticate(key)).contains(new Caller("admin", "default", true));
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
    void keyStaysTheSameAfterARestart() throws IOException {
        new AdminKeyAuthenticator(new FolderHome(folder));
        String key = Files.readString(folder.resolve("admin.key")).strip();

        assertThat(new AdminKeyAuthenticator(new FolderHome(folder)).authenticate(key))
                .isPresent();
    }

    @Test
    void everythingElseIsRefused() throws IOException {
        AdminKeyAuthenticator authenticator = new AdminKeyAuthenticator(new FolderHome(folder));
        String key = Files.readString(folder.resolve("admin.key")).strip();

        for (String wrong : List.of("", "sk-admin-", key + " ", key.substring(1), key + "x", "ключ")) {
            assertThat(authenticator.authenticate(wrong)).as(wrong).isEmpty();
        }
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
