package org.llmfactory.ledger.chain;

/**
 * The end of a chain.
 *
 * @param sequence of the last entry; 0 for an empty chain
 * @param at when it was entered, in milliseconds since 1970
 * @param hash its hash
 */
public record Head(long sequence, long at, String hash) {
    /** The end of a chain without entries. */
    public static final Head EMPTY = new Head(0, 0, ChainKey.GENESIS);
}
