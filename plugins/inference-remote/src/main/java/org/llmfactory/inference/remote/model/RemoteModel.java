package org.llmfactory.inference.remote.model;

import java.nio.file.Path;
import java.util.Optional;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.TextCodec;

/**
 * A model whose weights other agents have.
 *
 * @param info what is known of it
 * @param text its text side
 * @param description what lies here of it
 * @param project the project that it is for; empty for all
 */
record RemoteModel(ModelInfo info, TextCodec text, Path description, String project) implements Model {
    @Override
    public Optional<String> tenant() {
        return project.isEmpty() ? Optional.empty() : Optional.of(project);
    }
}
