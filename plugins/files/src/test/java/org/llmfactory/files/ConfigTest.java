package org.llmfactory.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llmfactory.files.store.Limits;

final class ConfigTest {
    @Test
    void theDefaultsAreOpenAisLimits() throws NoSuchMethodException {
        assertThat(value("maxFileBytes")).isEqualTo(Limits.DEFAULT.fileBytes()).isEqualTo(512L << 20);
        assertThat(value("maxUploadBytes"))
                .isEqualTo(Limits.DEFAULT.uploadBytes())
                .isEqualTo(8L << 30);
        assertThat(value("sweepMinutes")).isEqualTo(60);
    }

    private static Object value(String name) throws NoSuchMethodException {
        return FilesService.Config.class.getMethod(name).getDefaultValue();
    }
}
