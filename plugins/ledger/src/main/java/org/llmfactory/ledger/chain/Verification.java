package org.llmfactory.ledger.chain;

import java.util.List;

/**
 * What checking the audit log came to.
 *
 * @param chains what was looked at, this agent's own chain first
 * @param findings chain by chain, each in its order; at most {@link #MAXIMUM_FINDINGS}
 * @param complete whether all findings are told
 */
public record Verification(List<Checked> chains, List<Finding> findings, boolean complete) {
    /** So many findings tell enough. */
    public static final int MAXIMUM_FINDINGS = 1_000;

    /** How far a chain could be checked. */
    public enum Extent {
        /** Every entry, and that none is missing at the end: this agent's own. */
        WHOLE,
        /** Every entry; where it ends only its own agent knows. */
        ENTRIES,
        /** Not at all: a chain of an agent with another key, known by configuration. */
        NOTHING
    }

    /**
     * One chain.
     *
     * @param entries rows there are
     * @param last the last place
     */
    public record Checked(String chain, Extent extent, long entries, long last) {}

    public Verification {
        chains = List.copyOf(chains);
        findings = List.copyOf(findings);
    }

    /** Whether everything is as it was entered. */
    public boolean isValid() {
        return findings.isEmpty();
    }

    /** Rows that were looked at. */
    public long entries() {
        return chains.stream()
                .filter(chain -> chain.extent() != Extent.NOTHING)
                .mapToLong(Checked::entries)
                .sum();
    }
}
