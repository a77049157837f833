package org.llmfactory.ledger.chain;

import java.util.List;

/**
 * What checking a chain came to.
 *
 * @param entries rows that were looked at
 * @param findings in the order of the chain, at most {@link #MAXIMUM_FINDINGS}
 * @param complete whether all findings are told
 * @param chain id of the chain
 * @param end its last place
 */
public record Verification(String chain, long entries, long end, List<Finding> findings, boolean complete) {
    /** So many findings tell enough. */
    public static final int MAXIMUM_FINDINGS = 1_000;

    public Verification {
        findings = List.copyOf(findings);
    }

    /** Whether everything is as it was entered. */
    public boolean isValid() {
        return findings.isEmpty();
    }
}
