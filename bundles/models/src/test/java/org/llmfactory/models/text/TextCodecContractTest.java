package org.llmfactory.models.text;

import org.junit.jupiter.api.Nested;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.api.model.testing.TextCodecContract;
import org.llmfactory.models.testing.Fixtures;

/** The contract for one tokenizer of each kind. */
final class TextCodecContractTest {
    private static final TextCodec BYTE_LEVEL = TextCodecs.open(Fixtures.path("tokenizers/smollm2"));
    private static final TextCodec COMPOSING = TextCodecs.open(Fixtures.path("tokenizers/qwen2"));
    private static final TextCodec SENTENCE_PIECE = TextCodecs.open(Fixtures.path("tokenizers/llama2"));
    private static final TextCodec BYTE_LEVEL_GGUF = TextCodecs.open(Fixtures.path("tokenizers/llama3/vocab.gguf"));
    private static final TextCodec SENTENCE_PIECE_GGUF = TextCodecs.open(Fixtures.path("tokenizers/llama2/vocab.gguf"));

    @Nested
    final class ByteLevel extends TextCodecContract {
        @Override
        protected TextCodec codec() {
            return BYTE_LEVEL;
        }
    }

    @Nested
    final class Composing extends TextCodecContract {
        @Override
        protected TextCodec codec() {
            return COMPOSING;
        }
    }

    @Nested
    final class SentencePiece extends TextCodecContract {
        @Override
        protected TextCodec codec() {
            return SENTENCE_PIECE;
        }
    }

    @Nested
    final class ByteLevelGguf extends TextCodecContract {
        @Override
        protected TextCodec codec() {
            return BYTE_LEVEL_GGUF;
        }
    }

    @Nested
    final class SentencePieceGguf extends TextCodecContract {
        @Override
        protected TextCodec codec() {
            return SENTENCE_PIECE_GGUF;
        }
    }
}
