package org.llmfactory.evaluation.rest;

import org.llmfactory.api.identity.Caller;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.rest.JsonFields;

/** Files that a request names. */
record GivenFiles(Measurements measurements, Caller caller) {
    /**
     * Requires that one is there.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_VALUE}, or {@code OVERLOADED} while the files are away
     */
    void check(String field, String id) {
        if (measurements.files().find(caller.project(), id).isEmpty()) {
            throw JsonFields.invalidAt(field, "there is no file '" + id + "'");
        }
    }
}
