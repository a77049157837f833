package org.llmfactory.trainer.remote.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.Json;

/**
 * The controller's answer to a call.
 *
 * @param problem why there is no value; null when all went well
 * @param value what was asked for, JSON's null for nothing
 */
public record Reply(@Nullable Problem problem, JsonNode value) {
    /** All went well. */
    public static Reply of(@Nullable Object value) {
        return new Reply(null, value == null ? NullNode.instance : Json.MAPPER.valueToTree(value));
    }

    /** It failed. */
    public static Reply failed(Throwable failure) {
        return new Reply(Problem.of(failure), NullNode.instance);
    }

    /** This reply, unless it tells of a failure, which is thrown again. */
    public Reply orThrow() throws IOException {
        if (problem != null) {
            problem.raise();
        }
        return this;
    }

    /** The value, which is there. */
    public <T> T value(Class<T> type) {
        return Json.MAPPER.convertValue(value, type);
    }
}
