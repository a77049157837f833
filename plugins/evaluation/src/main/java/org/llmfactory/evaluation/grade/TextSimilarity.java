package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.llmfactory.evaluation.item.Template;
import org.llmfactory.evaluation.model.Models;

/** Says how alike two texts are. */
record TextSimilarity(String name, Metric metric, Template input, Template reference, double threshold)
        implements Grader {
    @Override
    public String type() {
        return "text_similarity";
    }

    @Override
    public Score grade(ObjectNode item, ObjectNode sample, Models models) {
        double value = metric.of(input.render(item, sample), reference.render(item, sample));
        return new Score(value, value >= threshold, Optional.empty());
    }
}
