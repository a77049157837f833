package org.llmfactory.api.model.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.TextCodec;

final class ByteTextCodecTest extends TextCodecContract {
    private final TextCodec codec = new ByteTextCodec();

    @Override
    protected TextCodec codec() {
        return codec;
    }

    @Test
    void aConversationIsWrittenBetweenTags() {
        ChatPrompt prompt = ChatPrompt.of(List.of(Map.of("role", "user", "content", "Hi")));

        assertThat(codec.render(prompt)).isEqualTo("<user>Hi</user><assistant>");
    }
}
