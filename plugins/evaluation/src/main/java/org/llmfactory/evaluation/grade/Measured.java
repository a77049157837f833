package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.evaluation.model.Models;

/** Criteria of ours, for samples of the data source {@code likelihood}. */
final class Measured {
    private Measured() {}

    /** Whether the choice that the model finds likeliest is the right one. */
    record MultipleChoice(String name) implements Grader {
        static final String TYPE = "multiple_choice";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Score grade(ObjectNode item, ObjectNode sample, Models models) {
            String right = required(sample, "answer").asText();
            return Score.of(right.equals(sample.path("output_text").asText()));
        }
    }

    /** The mean loss of a token of the given answer, in nats; any is good enough where no bound is set. */
    record Loss(String name, OptionalDouble highest) implements Grader {
        static final String TYPE = "loss";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Score grade(ObjectNode item, ObjectNode sample, Models models) {
            double loss = required(sample, "loss").doubleValue();
            return new Score(loss, highest.isEmpty() || loss <= highest.getAsDouble(), Optional.empty());
        }
    }

    private static JsonNode required(ObjectNode sample, String name) {
        if (!sample.hasNonNull(name)) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE,
                    "The sample has no '" + name + "': this criterion takes a data source of type 'likelihood'"
                            + (name.equals("answer") ? " with choices in its rows." : "."));
        }
        return sample.get(name);
    }
}
