package org.llmfactory.messaging.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.testing.SettableClock;

class SealingKeysTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    Path home;

    private SealingKeys keys() {
        return new SealingKeys(new NetworkFolder(home), clock);
    }

    @Test
    void thereIsANewKeyEveryHourAndOldOnesOpenForAWhile() {
        SealingKeys keys = keys();
        SealingKey first = keys.current();
        assertThat(keys.current()).isEqualTo(first);
        assertThat(first.until()).isEqualTo(clock.instant().plus(Duration.ofHours(2)));
        clock.advance(Duration.ofMinutes(61));
        assertThat(keys.current().id()).isNotEqualTo(first.id());
        assertThat(keys.find(first.id())).isPresent();
        clock.advance(Duration.ofMinutes(125));
        assertThat(keys.find(first.id())).isEmpty();
    }

    @Test
    void keysAreKeptOverARestartForTheOwnerOnly() throws IOException {
        SealingKey key = keys().current();
        assertThat(keys().current()).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.resolve("network").resolve(SealingKeys.FILE))))
                .isEqualTo("rw-------");
    }

    @Test
    void aDeletedKeyIsNotInTheFileAnyMore() throws IOException {
        SealingKeys keys = keys();
        String first = keys.current().id().toString();
        clock.advance(Duration.ofHours(4));
        keys.rotate();
        assertThat(home.resolve("network").resolve(SealingKeys.FILE)).content().doesNotContain(first);
    }

    @Test
    void aDamagedFileMeansNewKeys() throws IOException {
        SealingKey former = keys().current();
        Files.writeString(home.resolve("network").resolve(SealingKeys.FILE), "[{}]");
        assertThat(keys().current().id()).isNotEqualTo(former.id());
    }
}
