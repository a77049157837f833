package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;

/** Failures as they are written down: OpenAI's {@code error} of runs. */
public final class Failure {
    private Failure() {}

    public static ObjectNode toJson(FactoryException failure) {
        String code = failure.code().code();
        return Json.MAPPER
                .createObjectNode()
                .put("code", code == null ? failure.code().type() : code)
                .put("message", failure.getMessage());
    }

    /** For what is nobody's to know but the log's. */
    public static FactoryException unexpected() {
        return new FactoryException(ErrorCode.INTERNAL, "It failed unexpectedly; the server's log says why.");
    }
}
