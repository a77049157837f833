package org.llmfactory.ledger.chain;

/**
 * Something wrong with the chain.
 *
 * @param chain id of the chain
 * @param sequence the place
 * @param id of the entry at that place, as the row has it; empty where there is no row
 */
public record Finding(String chain, long sequence, Kind kind, String id) {
    /** What can be wrong. */
    public enum Kind {
        /** The entry is not what was entered here. */
        CHANGED,
        /** Entries are missing from here on, before later ones. */
        GAP,
        /** The entry was entered at another place. */
        REORDERED,
        /** Entries are missing from here on, up to the end of the chain. */
        TRUNCATED,
        /** The entry was not entered by this agent, nor by another that has its key. */
        FOREIGN
    }
}
