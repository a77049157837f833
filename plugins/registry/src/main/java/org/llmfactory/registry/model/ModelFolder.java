package org.llmfactory.registry.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.text.TextCodecs;

/** A model in a folder of its own; the folder's name is its id. */
final class ModelFolder implements LocalModel {
    private final ModelInfo info;
    private final Path folder;
    private @Nullable TextCodec text;

    private ModelFolder(ModelInfo info, Path folder) {
        this.info = info;
        this.folder = folder;
    }

    /**
     * Opens and checks a model; reads all of it when its digest is not known yet.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when it is incomplete, damaged or not served
     */
    static ModelFolder open(Path folder) throws IOException {
        String id = String.valueOf(folder.getFileName());
        Instant created = Files.readAttributes(folder, BasicFileAttributes.class)
                .lastModifiedTime()
                .toInstant();
        try (PretrainedDecoder model = PretrainedDecoder.open(folder)) {
            DecoderConfig config = model.config();
            return new ModelFolder(
                    new ModelInfo(
                            id,
                            model.digest(),
                            config.family(),
                            config.contextLength(),
                            config.vocabularySize(),
                            created),
                    folder);
        }
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public Path location() {
        return folder;
    }

    @Override
    public synchronized TextCodec text() {
        TextCodec loaded = text;
        if (loaded == null) {
            loaded = TextCodecs.open(folder);
            text = loaded;
        }
        return loaded;
    }
}
