package org.llmfactory.deployer.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigTest {
    @Test
    void theDefaultsAreThoseOfTheReadme() {
        Map<String, Object> defaults = Arrays.stream(Config.class.getDeclaredMethods())
                .collect(Collectors.toMap(method -> method.getName(), method -> method.getDefaultValue()));

        assertThat(defaults)
                .isEqualTo(Map.of(
                        "graceSeconds", 10,
                        "startGraceSeconds", 60,
                        "lookSeconds", 5,
                        "driftSeconds", 30,
                        "retrySeconds", 300,
                        "forgetHours", 24));
    }
}
