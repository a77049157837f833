package org.llmfactory.policies.content;

import java.util.List;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.OutputScreen;

/**
 * What a policy would make of a text. Nothing is entered anywhere.
 *
 * @param rules names of the rules that found something
 * @param output what a caller would get of an answer like this; empty for input
 */
public record Trial(Verdict verdict, List<String> rules, Optional<String> output) {
    public Trial {
        rules = List.copyOf(rules);
    }

    /** Tries a text as input. */
    public static Trial ofInput(StoredPolicy policy, Classifiers classifiers, String text) {
        Inspection inspection = ActivePolicy.compile(policy).inspection(classifiers);
        try {
            inspection.input(List.of(text));
        } catch (FactoryException refusal) {
            if (refusal.code() != ErrorCode.CONTENT_BLOCKED) {
                throw refusal;
            }
        }
        return new Trial(inspection.verdict(), inspection.rules(), Optional.empty());
    }

    /** Tries a text as an answer. */
    public static Trial ofOutput(StoredPolicy policy, Classifiers classifiers, String text) {
        Inspection inspection = ActivePolicy.compile(policy).inspection(classifiers);
        OutputScreen screen = inspection.screen();
        String output = screen.accept(text) + screen.finish();
        return new Trial(inspection.verdict(), inspection.rules(), Optional.of(output));
    }
}
