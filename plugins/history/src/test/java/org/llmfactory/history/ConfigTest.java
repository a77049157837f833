package org.llmfactory.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ConfigTest {
    @Test
    void expiredChatsAreDeletedEveryHour() throws NoSuchMethodException {
        assertThat(EncryptedChatStore.Config.class.getMethod("sweepMinutes").getDefaultValue())
                .isEqualTo(60);
    }
}
