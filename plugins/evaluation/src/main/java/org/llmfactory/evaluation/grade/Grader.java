package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.llmfactory.evaluation.model.Models;

/** One of the criteria of an evaluation. Safe for use by several threads. */
public interface Grader {
    /** What its author called it. */
    String name();

    /** OpenAI's word for its kind. */
    String type();

    /**
     * Grades one answer.
     *
     * @param item the row
     * @param sample what the model made of it
     * @param models to be asked for a judgement
     * @throws org.llmfactory.api.error.FactoryException when it cannot be graded, with the reason
     */
    Score grade(ObjectNode item, ObjectNode sample, Models models) throws InterruptedException;
}
