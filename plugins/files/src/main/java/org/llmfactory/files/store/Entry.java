package org.llmfactory.files.store;

import java.util.Optional;
import org.llmfactory.api.file.FileInfo;

/**
 * A file with what it was made of.
 *
 * @param lineage JSON; empty for a file that was brought
 */
public record Entry(FileInfo file, Optional<String> lineage) {}
