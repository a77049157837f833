package org.llmfactory.leadership.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkSwitchTest {
    private static final Path DESCRIPTIONS = Path.of("target/classes/OSGI-INF");

    /** As the build has written them for the component runtime. */
    @Test
    void whatIsOffAtFirstIsWhatTheSwitchTurnsOn() throws IOException {
        try (Stream<Path> descriptions = Files.list(DESCRIPTIONS)) {
            assertThat(descriptions
                            .filter(NetworkSwitchTest::isOff)
                            .map(file -> file.getFileName().toString().replace(".xml", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            NetworkSwitch.PARTS.stream().map(Class::getName).toList());
        }
    }

    private static boolean isOff(Path description) {
        try {
            return Files.isRegularFile(description)
                    && Files.readString(description).contains("enabled=\"false\"");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
