package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.llmfactory.api.completion.Completions;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.project.Presets;
import org.llmfactory.rest.OptionalService;

/**
 * What comes and goes on an agent, and is needed to measure.
 *
 * @param completions asks models
 * @param files has the rows
 * @param directory knows who may still be worked for
 * @param presets keeps mixtures
 */
public record Surroundings(
        OptionalService<Completions> completions,
        OptionalService<FileCatalog> files,
        OptionalService<Directory> directory,
        OptionalService<Presets> presets) {
    private static final String AWAY = "A part of the platform is away at present.";

    /** Nothing is there yet. */
    public Surroundings() {
        this(new OptionalService<>(), new OptionalService<>(), new OptionalService<>(), new OptionalService<>());
    }

    /** Whether all of it is there. */
    public boolean areComplete() {
        return Stream.of(completions, files, directory, presets)
                .allMatch(service -> service.get().isPresent());
    }

    /**
     * The caller in whose name work is done.
     *
     * @param kept see {@link Principal}
     * @throws FactoryException {@code PERMISSION_DENIED} when he may not be worked for any more
     */
    public Caller caller(JsonNode kept) {
        return Principal.read(kept, directory.require(AWAY));
    }

    /** Models for a caller. */
    public Models models(Caller caller) {
        return new Models(() -> completions.require(AWAY), caller);
    }
}
