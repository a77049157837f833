package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Objects;

/**
 * What has come of one row.
 *
 * @param number its place, from 0
 * @param id {@code outputitem_…}
 * @param created milliseconds since 1970
 * @param status {@code pass} when all criteria are met, {@code fail}, or {@code error} when it could not be measured
 * @param results what each criterion said
 */
public record Graded(int number, String id, long created, String status, ArrayNode results) {
    public static final String PREFIX = "outputitem_";

    public static final String PASS = "pass";
    public static final String FAIL = "fail";
    public static final String ERROR = "error";

    public Graded {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(results, "results");
    }
}
