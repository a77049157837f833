package org.llmfactory.evaluation.statistics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.llmfactory.rest.Json;

/**
 * A share of independent trials that succeeded, with Wilson's score interval (Wilson 1927) of 95 %, which unlike the usual
 * one keeps its promise for small numbers and near 0 and 1.
 *
 * @param successes at most {@code trials}
 * @param trials at least 1
 */
public record Proportion(int successes, int trials) {
    private static final double Z = 1.959963984540054;

    public Proportion {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " of " + trials + " is no proportion");
        }
    }

    /** From 0 to 1. */
    public double value() {
        return (double) successes / trials;
    }

    /** Lower end of the interval. */
    public double low() {
        return successes == 0 ? 0 : Math.max(0, centre() - margin());
    }

    /** Upper end of the interval. */
    public double high() {
        return successes == trials ? 1 : Math.min(1, centre() + margin());
    }

    private double centre() {
        return (value() + Z * Z / (2 * trials)) / (1 + Z * Z / trials);
    }

    private double margin() {
        double spread = value() * (1 - value()) / trials + Z * Z / (4.0 * trials * trials);
        return Z * Math.sqrt(spread) / (1 + Z * Z / trials);
    }

    /** For a report. */
    public ObjectNode toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode().put("value", value());
        json.putArray("interval_95").add(low()).add(high());
        return json;
    }
}
