package org.llmfactory.evaluation.rest;

import java.util.Optional;
import org.llmfactory.rest.JsonFields;

/** Reads what requests for evaluations and runs have in common. */
final class Inputs {
    private static final int MAXIMUM_NAME = 256;

    private Inputs() {}

    /** A name for people; empty when there is none. */
    static Optional<String> name(JsonFields fields) {
        return fields.string("name").filter(name -> !name.isBlank()).map(name -> {
            if (name.length() > MAXIMUM_NAME) {
                throw fields.invalid("name", "it may have " + MAXIMUM_NAME + " characters");
            }
            return name.strip();
        });
    }
}
