package org.llmfactory.policies.governor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ConfigTest {
    private static Object byDefault(String name) throws NoSuchMethodException {
        return Config.class.getDeclaredMethod(name).getDefaultValue();
    }

    @Test
    void theDefaultsAreTheDocumentedOnes() throws NoSuchMethodException {
        assertThat(byDefault("maximumConcurrentRequests")).isEqualTo(256);
        assertThat(byDefault("budgetLeaseTokens")).isEqualTo(50_000L);
        assertThat(byDefault("budgetIdleSeconds")).isEqualTo(10);
    }
}
