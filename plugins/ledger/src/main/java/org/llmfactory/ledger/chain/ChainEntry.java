package org.llmfactory.ledger.chain;

import java.util.Optional;

/**
 * One row of the audit log.
 *
 * @param link its place
 * @param index what it is searched by; repeats parts of the text
 * @param text the entry itself, JSON with sorted names in ASCII
 * @param previous the hash of the entry before it
 * @param hash the chain key's code over {@code previous} and {@code text}
 */
public record ChainEntry(Link link, Index index, String text, String previous, String hash) {
    /**
     * A place in a chain.
     *
     * @param chain id of the chain
     * @param sequence from 1, without gaps
     * @param id the entry's id, {@code audit_log-…}
     * @param at milliseconds since 1970; never less than that of the entry before it
     */
    public record Link(String chain, long sequence, String id, long at) {}

    /**
     * What entries are searched by; values too long for a column are cut.
     *
     * @param standard whether OpenAI knows this type
     */
    public record Index(
            boolean standard,
            String type,
            Optional<String> project,
            String actor,
            Optional<String> apiKey,
            Optional<String> resource) {}

    /** Whether it was written with a key, wherever it stands. */
    public boolean isAuthentic(ChainKey key) {
        return ChainKey.isHash(previous) && ChainKey.isEqual(key.hash(previous, text), hash);
    }

    /** The end of a chain: what the next entry is bound to. */
    public Head head() {
        return new Head(link.sequence(), link.at(), hash);
    }
}
