package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.llmfactory.evaluation.item.Template;
import org.llmfactory.evaluation.model.Models;

/** Compares two texts. */
record StringCheck(String name, Operation operation, Template input, Template reference) implements Grader {
    /** Ways to compare. */
    enum Operation {
        /** Equal. */
        EQ,
        /** Different. */
        NE,
        /** The input contains the reference. */
        LIKE,
        /** The same, whatever the case. */
        ILIKE;

        boolean holds(String input, String reference) {
            return switch (this) {
                case EQ -> input.equals(reference);
                case NE -> !input.equals(reference);
                case LIKE -> input.contains(reference);
                case ILIKE -> input.toLowerCase(Locale.ROOT).contains(reference.toLowerCase(Locale.ROOT));
            };
        }
    }

    @Override
    public String type() {
        return "string_check";
    }

    @Override
    public Score grade(ObjectNode item, ObjectNode sample, Models models) {
        return Score.of(operation.holds(input.render(item, sample), reference.render(item, sample)));
    }
}
