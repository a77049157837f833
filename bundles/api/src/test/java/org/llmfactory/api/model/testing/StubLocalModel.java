package org.llmfactory.api.model.testing;

import java.nio.file.Path;
import java.time.Instant;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.TextCodec;

/** A model that consists of facts and a codec. */
public record StubLocalModel(ModelInfo info, Path location, TextCodec text) implements LocalModel {
    /** A model of that id whose text is bytes and whose context is 4096 tokens. */
    public static StubLocalModel of(String id) {
        ByteTextCodec codec = new ByteTextCodec();
        return new StubLocalModel(
                new ModelInfo(id, "b".repeat(64), "llama", 4096, codec.vocabularySize(), Instant.EPOCH),
                Path.of("nowhere", id),
                codec);
    }
}
