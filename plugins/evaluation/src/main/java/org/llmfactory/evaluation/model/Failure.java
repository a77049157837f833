package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;

/** Failures as they are written down: OpenAI's {@code error} of runs. */
public final class Failure {
    private Failure() {}

    /** One as OpenAI shows it. */
    public static ObjectNode toJson(FactoryException failure) {
        String code = failure.code().code();
        return Json.MAPPER
                .createObjectNode()
                .put("code", code == null ? failure.code().type() : code)
                .put("message", failure.getMessage());
    }
}
