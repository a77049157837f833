package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a grader says of one answer.
 *
 * @param value usually 0 to 1, the higher the better; a loss in nats where that is what is measured
 * @param passed whether it is good enough
 * @param asked the answer of the model that was asked for its judgement, whole
 */
public record Score(double value, boolean passed, Optional<JsonNode> asked) {
    static Score of(boolean passed) {
        return new Score(passed ? 1 : 0, passed, Optional.empty());
    }
}
