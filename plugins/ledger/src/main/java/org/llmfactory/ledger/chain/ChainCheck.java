package org.llmfactory.ledger.chain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every entry of one chain, in pages, while others are written. For one use.
 *
 * <p>An entry is authentic when its own hash is right; it stands right when it also says this place and names the hash of
 * the entry before it. So what was done to one entry is told of that one, and not of all that follow.
 */
final class ChainCheck {
    private static final int PAGE = 1_000;

    private final Jdbi tables;
    private final ChainKey key;
    private final String chain;
    private final ChainVerifier.TranscriptCheck transcripts;
    private final Optional<Head> recorded;
    private final Consumer<Finding> findings;
    private long entries;
    private long place;
    private @Nullable String before = ChainKey.GENESIS;
    private @Nullable String recordedHash;

    /**
     * A check.
     *
     * @param recorded where the chain ends, as far as is known
     */
    ChainCheck(
            Jdbi tables,
            ChainKey key,
            String chain,
            ChainVerifier.TranscriptCheck transcripts,
            Optional<Head> recorded,
            Consumer<Finding> findings) {
        this.tables = tables;
        this.key = key;
        this.chain = chain;
        this.transcripts = transcripts;
        this.recorded = recorded;
        this.findings = findings;
    }

    /** Checks all entries. */
    void entries() {
        List<ChainEntry> page = page();
        while (!page.isEmpty()) {
            page.forEach(this::check);
            page = page();
        }
    }

    /** Checks, after {@link #entries}, that none is missing at the end of a chain whose end must be known. */
    void end() {
        if (recorded.isEmpty()) {
            if (entries > 0) {
                find(place + 1, Finding.Kind.TRUNCATED, "");
            }
        } else if (place < recorded.get().sequence()) {
            find(place + 1, Finding.Kind.TRUNCATED, "");
        } else if (recordedHash != null && !ChainKey.isEqual(recorded.get().hash(), recordedHash)) {
            find(recorded.get().sequence(), Finding.Kind.CHANGED, "");
        }
    }

    Verification.Checked checked(Verification.Extent extent) {
        return new Verification.Checked(chain, extent, entries, place);
    }

    private List<ChainEntry> page() {
        return tables.withHandle(handle -> ChainTable.after(handle, chain, place, PAGE));
    }

    private void check(ChainEntry row) {
        long sequence = row.link().sequence();
        if (sequence != place + 1) {
            find(place + 1, Finding.Kind.GAP, "");
            before = null;
        }
        Optional<Finding.Kind> wrong = judge(row);
        if (wrong.isPresent()) {
            find(sequence, wrong.get(), row.link().id());
        }
        // The hash of an entry that is wrong proves nothing: what is wrong is told once.
        before = wrong.isEmpty() ? row.hash() : null;
        if (recorded.isPresent() && recorded.get().sequence() == sequence) {
            recordedHash = row.hash();
        }
        place = sequence;
        entries++;
    }

    private Optional<Finding.Kind> judge(ChainEntry row) {
        JsonNode entry = EntryText.read(row.text());
        if (entry == null || !row.isAuthentic(key)) {
            return Optional.of(isForeign(row, entry) ? Finding.Kind.FOREIGN : Finding.Kind.CHANGED);
        }
        ChainEntry.Link link = EntryFields.link(entry);
        if (!link.chain().equals(chain)) {
            return Optional.of(Finding.Kind.FOREIGN);
        }
        if (link.sequence() != row.link().sequence()) {
            return Optional.of(Finding.Kind.REORDERED);
        }
        boolean asWritten = link.equals(row.link())
                && EntryFields.index(entry).equals(row.index())
                && (before == null || before.equals(row.previous()))
                && hasItsTranscript(entry, link.id());
        return asWritten ? Optional.empty() : Optional.of(Finding.Kind.CHANGED);
    }

    /** Not ours: behind the end that was recorded, or of another chain. */
    private boolean isForeign(ChainEntry row, @Nullable JsonNode entry) {
        boolean behindTheEnd =
                row.link().sequence() > recorded.map(Head::sequence).orElse(Long.MAX_VALUE);
        boolean ofAnotherChain = entry != null
                && EntryFields.text(entry, "chain")
                        .filter(claimed -> !claimed.equals(chain))
                        .isPresent();
        return behindTheEnd || ofAnotherChain;
    }

    private boolean hasItsTranscript(JsonNode entry, String id) {
        return EntryFields.text(entry, "transcript")
                .map(digest -> transcripts.isIntact(id, digest))
                .orElse(true);
    }

    private void find(long sequence, Finding.Kind kind, String id) {
        findings.accept(new Finding(chain, sequence, kind, id));
    }
}
