package org.llmfactory.models.catalog;

import java.util.Objects;

/**
 * One file of a model.
 *
 * @param path where it lies in the model's folder, parted by {@code /}
 * @param size in bytes
 * @param sha256 of its content, 64 lower-case hex digits
 */
public record CatalogFile(String path, long size, String sha256) {
    public CatalogFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sha256, "sha256");
    }
}
