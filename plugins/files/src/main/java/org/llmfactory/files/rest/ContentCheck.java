package org.llmfactory.files.rest;

import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog.Label;
import org.llmfactory.datasets.DatasetReader;
import org.llmfactory.datasets.Limits;
import org.llmfactory.files.store.StoredFiles;

/** Refuses what can be no file for its purpose, without reading it to its end. */
final class ContentCheck {
    private ContentCheck() {}

    /**
     * Looks at content that is to be kept.
     *
     * @throws FactoryException {@code INVALID_FILE} for an empty file, and for training data none of which can be read
     */
    static void check(StoredFiles files, StoredFiles.Received received, Label label) {
        if (received.bytes() == 0) {
            throw new FactoryException(ErrorCode.INVALID_FILE, "The file is empty.");
        }
        if (label.purpose().equals("fine-tune")) {
            try (DatasetReader reader =
                    DatasetReader.open(label.filename(), files.open(received), Limits.DEFAULT, problem -> {
                        throw problem.toFailure();
                    })) {
                if (!reader.hasNext()) {
                    throw new FactoryException(ErrorCode.INVALID_FILE, "The file has no rows.");
                }
            }
        }
    }
}
