package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.evaluation.model.Models;
import org.llmfactory.evaluation.model.Target;

/** Lets a model give a mark: the last number in its answer. */
record ScoreModel(
        String name,
        Target judge,
        Conversation input,
        ObjectNode sampling,
        double lowest,
        double highest,
        double threshold)
        implements Grader {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?");

    @Override
    public String type() {
        return "score_model";
    }

    @Override
    public Score grade(ObjectNode item, ObjectNode sample, Models models) throws InterruptedException {
        ObjectNode request = judge.request();
        request.set("messages", input.render(item, sample));
        request.setAll(sampling);
        JsonNode answer = models.chat(request);
        String text =
                answer.path("choices").path(0).path("message").path("content").asText();
        double mark = last(text);
        return new Score(mark, mark >= threshold, Optional.of(answer));
    }

    private double last(String text) {
        Matcher numbers = NUMBER.matcher(text);
        double mark = Double.NaN;
        while (numbers.find()) {
            mark = Double.parseDouble(numbers.group());
        }
        if (!(mark >= lowest && mark <= highest)) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE,
                    "The model that grades gave no mark from " + lowest + " to " + highest + ".");
        }
        return mark;
    }
}
