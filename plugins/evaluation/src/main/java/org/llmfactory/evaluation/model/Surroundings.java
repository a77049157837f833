package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.completion.Completions;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.project.Presets;

/** What comes and goes on an agent, and is needed to measure. Safe for use by several threads. */
public final class Surroundings {
    private volatile @Nullable Completions completions;
    private volatile @Nullable FileCatalog files;
    private volatile @Nullable Directory directory;
    private volatile @Nullable Presets presets;

    public void completions(Completions now) {
        completions = now;
    }

    /** It has gone, unless another has come already. */
    public void withoutCompletions(Completions gone) {
        if (gone.equals(completions)) {
            completions = null;
        }
    }

    public void files(FileCatalog now) {
        files = now;
    }

    /** It has gone, unless another has come already. */
    public void withoutFiles(FileCatalog gone) {
        if (gone.equals(files)) {
            files = null;
        }
    }

    public void directory(Directory now) {
        directory = now;
    }

    /** It has gone, unless another has come already. */
    public void withoutDirectory(Directory gone) {
        if (gone.equals(directory)) {
            directory = null;
        }
    }

    public void presets(Presets now) {
        presets = now;
    }

    /** It has gone, unless another has come already. */
    public void withoutPresets(Presets gone) {
        if (gone.equals(presets)) {
            presets = null;
        }
    }

    /** Whether all of it is there. */
    public boolean areComplete() {
        return completions != null && files != null && directory != null && presets != null;
    }

    /**
     * The presets.
     *
     * @throws FactoryException {@code UNAVAILABLE} while they are away
     */
    public Presets presets() {
        Presets now = presets;
        if (now == null) {
            throw away();
        }
        return now;
    }

    /** The files, while they are there. */
    public Optional<FileCatalog> files() {
        return Optional.ofNullable(files);
    }

    /**
     * The caller in whose name work is done.
     *
     * @param kept see {@link Principal}
     * @throws FactoryException {@code PERMISSION_DENIED} when he may not be worked for any more
     */
    public Caller caller(JsonNode kept) {
        Directory now = directory;
        if (now == null) {
            throw away();
        }
        return Principal.read(kept, now);
    }

    /** Models for a caller. */
    public Models models(Caller caller) {
        return new Models(this::completions, caller);
    }

    private Completions completions() {
        Completions now = completions;
        if (now == null) {
            throw away();
        }
        return now;
    }

    private static FactoryException away() {
        return new FactoryException(ErrorCode.UNAVAILABLE, "A part of the platform is away at present.");
    }
}
