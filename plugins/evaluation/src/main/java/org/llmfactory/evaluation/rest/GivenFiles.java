package org.llmfactory.evaluation.rest;

import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.rest.JsonFields;

/** Files that a request names. */
record GivenFiles(Measurements measurements, Caller caller) {
    /**
     * Requires that one is there.
     *
     * @throws FactoryException {@code INVALID_VALUE}, or {@code OVERLOADED} while the files are away
     */
    void check(String field, String id) {
        FileCatalog files = measurements
                .files()
                .orElseThrow(() -> new FactoryException(ErrorCode.OVERLOADED, "The files are away at present."));
        if (files.find(caller.project(), id).isEmpty()) {
            throw JsonFields.invalidAt(field, "there is no file '" + id + "'");
        }
    }
}
