package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.evaluation.model.Likelihood;
import org.llmfactory.evaluation.model.Models;
import org.llmfactory.evaluation.model.Target;
import org.llmfactory.rest.Json;

/**
 * Lets a model choose a label: the one that it finds likeliest as its answer, by the mean log probability of a token. So
 * there is always one, whatever a small model would have written.
 */
record LabelModel(String name, Target judge, Conversation input, List<String> labels, Set<String> passing)
        implements Grader {
    LabelModel {
        labels = List.copyOf(labels);
        passing = Set.copyOf(passing);
    }

    @Override
    public String type() {
        return "label_model";
    }

    @Override
    public Score grade(ObjectNode item, ObjectNode sample, Models models) throws InterruptedException {
        String best = labels.get(0);
        double lowest = Double.POSITIVE_INFINITY;
        JsonNode asked = Json.MAPPER.createObjectNode();
        for (String label : labels) {
            ArrayNode messages = input.render(item, sample);
            messages.addObject().put("role", "assistant").put("content", label);
            Likelihood.Scores scores = Likelihood.ofAnswer(models, judge, messages);
            double loss = scores.likelihoods().get(0).loss();
            if (loss < lowest) {
                lowest = loss;
                best = label;
                asked = scores.answer();
            }
        }
        boolean passed = passing.contains(best);
        return new Score(passed ? 1 : 0, passed, Optional.of(asked));
    }
}
