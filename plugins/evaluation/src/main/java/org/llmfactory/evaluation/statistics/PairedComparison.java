package org.llmfactory.evaluation.statistics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.llmfactory.rest.Json;

/**
 * Two models on the same questions, by McNemar's exact test (McNemar 1947): only the questions count that one of them got
 * right and the other wrong.
 *
 * @param onlyFirst questions that the first alone got right
 * @param onlySecond questions that the second alone got right
 */
public record PairedComparison(int onlyFirst, int onlySecond) {
    /** How likely such a difference, either way, would be if both were equally good; 1 where there is none. */
    public double pValue() {
        int trials = onlyFirst + onlySecond;
        int fewer = Math.min(onlyFirst, onlySecond);
        double logCombinations = 0;
        double sum = 0;
        for (int successes = 0; successes <= fewer; successes++) {
            if (successes > 0) {
                logCombinations += Math.log(trials - successes + 1.0) - Math.log(successes);
            }
            sum += Math.exp(logCombinations - trials * Math.log(2));
        }
        return Math.min(1, 2 * sum);
    }

    /** For a report. */
    public ObjectNode toJson(String first, String second) {
        return Json.MAPPER
                .createObjectNode()
                .put("only_" + first, onlyFirst)
                .put("only_" + second, onlySecond)
                .put("p_value", pValue());
    }
}
