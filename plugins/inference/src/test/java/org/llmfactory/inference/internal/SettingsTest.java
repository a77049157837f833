package org.llmfactory.inference.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llmfactory.inference.engine.EngineLimits;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.torch.DType;

final class SettingsTest {
    @Test
    void theDefaultsServeEveryModel() {
        Settings settings = Settings.of(Configs.defaults());

        assertThat(settings.serves("anything")).isTrue();
        assertThat(settings.limits())
                .isEqualTo(new EngineLimits(64, 512, 1024, 768, 1L << 30, 4, Duration.ofSeconds(3), 3));
        assertThat(settings.options()).isEqualTo(new RunnerOptions(Optional.empty(), 1L << 30, 16, 512));
    }

    @Test
    void onlyTheModelsNamedAreServed() {
        Settings settings = Settings.of(Configs.with(Map.of("models", new String[] {"a", "b"})));

        assertThat(settings.serves("a")).isTrue();
        assertThat(settings.serves("c")).isFalse();
    }

    @Test
    void theWeightTypeIsWrittenInLowerCase() {
        Settings settings = Settings.of(Configs.with(Map.of("weightType", "bfloat16")));

        assertThat(settings.options().weightType()).contains(DType.BFLOAT16);
    }

    @Test
    void aValueOutOfRangeIsNamed() {
        assertThatThrownBy(() -> Settings.of(Configs.with(Map.of("weightType", "int3"))))
                .hasMessageContaining("int3");
        assertThatThrownBy(() -> Settings.of(Configs.with(Map.of("maxTokensPerStep", 8))))
                .hasMessageContaining("maxTokensPerStep");
    }
}
