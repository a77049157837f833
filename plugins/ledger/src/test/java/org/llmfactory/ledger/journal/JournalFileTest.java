package org.llmfactory.ledger.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalFileTest {
    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void chooseAPath() {
        path = folder.resolve("journal");
    }

    @Test
    void linesAreThereWhenItIsOpenedAgain() throws IOException {
        try (JournalFile file = new JournalFile(path)) {
            file.append(List.of("one", "two"));
            file.append(List.of("three"));
            assertThat(file.lines()).containsExactly("one", "two", "three");
        }
        try (JournalFile file = new JournalFile(path)) {
            assertThat(file.lines()).containsExactly("one", "two", "three");
            assertThat(file.end()).isEqualTo(14);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLineThatWasCutShortIsForgotten() throws IOException {
        Files.writeString(path, "one\ntw", US_ASCII);
        try (JournalFile file = new JournalFile(path)) {
            assertThat(file.lines()).containsExactly("one");
            file.append(List.of("2"));
        }
        assertThat(Files.readString(path)).isEqualTo("one\n2\n");
    }

    @Test
    void itBeginsAnewOnlyWhenNothingHasComeSince() throws IOException {
        try (JournalFile file = new JournalFile(path)) {
            long first = file.append(List.of("one"));
            long second = file.append(List.of("two"));

            assertThat(file.clear(first)).isFalse();
            assertThat(file.lines()).hasSize(2);
            assertThat(file.clear(second)).isTrue();
            assertThat(file.lines()).isEmpty();
            file.append(List.of("three"));
        }
        assertThat(Files.readString(path)).isEqualTo("three\n");
    }

    @Test
    void whatLiesBehindTheLastWholeLineIsOverwritten() throws IOException {
        try (JournalFile file = new JournalFile(path)) {
            file.append(List.of("one"));
        }
        Files.writeString(path, "half a line", US_ASCII, StandardOpenOption.APPEND);
        try (JournalFile file = new JournalFile(path)) {
            file.append(List.of("x"));
            assertThat(file.lines()).containsExactly("one", "x");
        }
    }
}
