package org.llmfactory.models.catalog;

import java.util.List;
import java.util.Objects;

/**
 * A model that can be pulled.
 *
 * @param id its name and that of its folder
 * @param kind how it lies on disk
 * @param task what it is for: {@code chat}, {@code embeddings} ...
 * @param licence SPDX identifier
 * @param files all of it, at least one
 * @param sources where it can be had, tried in this order
 */
public record CatalogModel(
        String id, Kind kind, String task, String licence, List<CatalogFile> files, List<ModelSource> sources) {
    /** How a model lies on disk. */
    public enum Kind {
        /** One GGUF file. */
        GGUF,
        /** A Hugging Face folder. */
        HUGGINGFACE
    }

    public CatalogModel {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(licence, "licence");
        files = List.copyOf(files);
        sources = List.copyOf(sources);
    }

    /** Bytes in all. */
    public long size() {
        return files.stream().mapToLong(CatalogFile::size).sum();
    }
}
