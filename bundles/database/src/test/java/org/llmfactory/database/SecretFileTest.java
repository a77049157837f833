package org.llmfactory.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretFileTest {
    @TempDir
    Path home;

    @Test
    void secretIsMadeOnceAndOnlyItsOwnerReadsIt() throws IOException {
        Path file = home.resolve("secrets/chat.key");

        byte[] made = SecretFile.readOrCreate(file, 32);
        byte[] again = SecretFile.readOrCreate(file, 32);

        assertThat(again).isEqualTo(made).hasSize(32).isNotEqualTo(new byte[32]);
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(file.getParent())).isEqualTo("rwx------");
    }

    @Test
    void twoSecretsDiffer() {
        assertThat(SecretFile.readOrCreate(home.resolve("a"), 32))
                .isNotEqualTo(SecretFile.readOrCreate(home.resolve("b"), 32));
    }

    @Test
    void allWhoAskAtOnceGetTheSame() throws Exception {
        Path file = home.resolve("secrets/shared");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> SecretFile.readOrCreate(file, 32)));
            }
            List<String> seen = new ArrayList<>();
            for (Future<byte[]> answer : answers) {
                seen.add(HexFormat.of().formatHex(answer.get(10, TimeUnit.SECONDS)));
            }
            assertThat(seen).hasSize(8).containsOnly(seen.get(0));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatOthersMayReadIsNoSecret() throws IOException {
        Path file = home.resolve("chat.key");
        SecretFile.readOrCreate(file, 32);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> SecretFile.readOrCreate(file, 32))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aDamagedSecretIsNotReplaced() throws IOException {
        Path file = home.resolve("chat.key");
        SecretFile.readOrCreate(file, 32);
        Files.write(file, new byte[5]);

        assertThatThrownBy(() -> SecretFile.readOrCreate(file, 32))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("5 bytes instead of 32");
        assertThat(file).hasBinaryContent(new byte[5]);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
