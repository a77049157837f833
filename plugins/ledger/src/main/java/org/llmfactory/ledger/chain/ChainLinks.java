package org.llmfactory.ledger.chain;

import java.util.Optional;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.UsageEntry;

/** Makes entries. */
public final class ChainLinks {
    private ChainLinks() {}

    /**
     * Writes an event down and binds it to the end of the chain.
     *
     * @param details as {@link EntryText#details} gives them
     * @param transcript the salted digest of what was said
     */
    public static ChainEntry bind(
            ChainKey key,
            Head end,
            ChainEntry.Link link,
            AuditEvent event,
            String details,
            Optional<UsageEntry> usage,
            Optional<String> transcript) {
        String text = EntryText.write(link, event, details, usage, transcript);
        return new ChainEntry(link, EntryFields.index(event), text, end.hash(), key.hash(end.hash(), text));
    }
}
