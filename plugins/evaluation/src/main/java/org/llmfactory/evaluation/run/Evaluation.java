package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import org.llmfactory.evaluation.grade.Grader;
import org.llmfactory.evaluation.grade.Graders;
import org.llmfactory.rest.JsonFields;

/**
 * What models are to be measured by.
 *
 * @param id {@code eval_…}
 * @param project whose it is
 * @param owner the principal who made it
 * @param name for people
 * @param created milliseconds since 1970
 * @param updated milliseconds since 1970
 * @param document {@code data_source_config}, {@code testing_criteria} and {@code metadata}, as they were sent
 */
public record Evaluation(
        String id, String project, String owner, String name, long created, long updated, ObjectNode document) {
    public static final String PREFIX = "eval_";

    public Evaluation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(document, "document");
    }

    /** The criteria, as an array. */
    public JsonNode criteria() {
        return document.path("testing_criteria");
    }

    /** The criteria, ready for use. */
    public List<Grader> graders() {
        return Graders.read(JsonFields.of(document), "testing_criteria");
    }
}
