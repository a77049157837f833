package org.llmfactory.ledger.chain;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every entry of a chain, in pages, while others are written. For one use.
 *
 * <p>An entry is authentic when its own hash is right; it stands right when it also says this place and names the hash of
 * the entry before it. So what was done to one entry is told of that one, and not of all that follow.
 */
public final class ChainVerifier {
    private static final int PAGE = 1_000;

    private final Jdbi tables;
    private final ChainKey key;
    private final Set<String> peers;
    private final TranscriptCheck transcripts;
    private final List<Finding> findings = new ArrayList<>();
    private boolean complete = true;
    private long entries;
    private long place;
    private @Nullable String before = ChainKey.GENESIS;
    private @Nullable String recordedHash;

    /** Whether what is kept of what was said is what the entry says. */
    @FunctionalInterface
    public interface TranscriptCheck {
        /**
         * Says so.
         *
         * @param id of the entry
         * @param digest as the entry has it
         */
        boolean isIntact(String id, String digest);
    }

    /**
     * A check of the key's chain.
     *
     * @param peers chains of other agents that share the database
     */
    public ChainVerifier(Jdbi tables, ChainKey key, Set<String> peers, TranscriptCheck transcripts) {
        this.tables = tables;
        this.key = key;
        this.peers = Set.copyOf(peers);
        this.transcripts = transcripts;
    }

    /**
     * Checks everything.
     *
     * @param file the record of the chain's end
     */
    public Verification verify(HeadFile file) throws IOException {
        Optional<Head> recorded = file.read();
        List<ChainEntry> page = page();
        while (!page.isEmpty()) {
            page.forEach(entry -> check(entry, recorded));
            page = page();
        }
        checkEnd(recorded);
        checkStrangers();
        return new Verification(key.chain(), entries, place, findings, complete);
    }

    private List<ChainEntry> page() {
        return tables.withHandle(handle -> ChainTable.after(handle, key.chain(), place, PAGE));
    }

    private void check(ChainEntry row, Optional<Head> recorded) {
        long sequence = row.link().sequence();
        if (sequence != place + 1) {
            find(place + 1, Finding.Kind.GAP, "");
            before = null;
        }
        Optional<Finding.Kind> wrong = judge(row, recorded);
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

    private Optional<Finding.Kind> judge(ChainEntry row, Optional<Head> recorded) {
        JsonNode entry = EntryText.read(row.text());
        boolean authentic =
                isHash(row.previous()) && ChainKey.isEqual(key.hash(row.previous(), row.text()), row.hash());
        if (!authentic || entry == null) {
            return Optional.of(isForeign(row, entry, recorded) ? Finding.Kind.FOREIGN : Finding.Kind.CHANGED);
        }
        ChainEntry.Link link = EntryFields.link(entry);
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
    private boolean isForeign(ChainEntry row, @Nullable JsonNode entry, Optional<Head> recorded) {
        boolean behindTheEnd =
                row.link().sequence() > recorded.map(Head::sequence).orElse(Long.MAX_VALUE);
        boolean ofAnotherChain = entry != null
                && EntryFields.text(entry, "chain")
                        .filter(chain -> !chain.equals(key.chain()))
                        .isPresent();
        return behindTheEnd || ofAnotherChain;
    }

    private boolean hasItsTranscript(JsonNode entry, String id) {
        return EntryFields.text(entry, "transcript")
                .map(digest -> transcripts.isIntact(id, digest))
                .orElse(true);
    }

    private void checkEnd(Optional<Head> recorded) {
        if (recorded.isEmpty()) {
            if (entries > 0) {
                find(place + 1, Finding.Kind.TRUNCATED, "");
            }
            return;
        }
        Head head = recorded.get();
        if (place < head.sequence()) {
            find(place + 1, Finding.Kind.TRUNCATED, "");
        } else if (recordedHash != null && !ChainKey.isEqual(head.hash(), recordedHash)) {
            find(head.sequence(), Finding.Kind.CHANGED, "");
        }
    }

    /** Entries under chains that no agent of this database is known to have. */
    private void checkStrangers() {
        for (ChainTable.ChainSize chain : tables.withHandle(ChainTable::chains)) {
            if (!chain.chain().equals(key.chain()) && !peers.contains(chain.chain())) {
                tables.withHandle(handle -> ChainTable.after(handle, chain.chain(), -1, 1))
                        .forEach(row -> find(
                                row.link().sequence(),
                                Finding.Kind.FOREIGN,
                                row.link().id()));
            }
        }
    }

    private void find(long sequence, Finding.Kind kind, String id) {
        if (findings.size() < Verification.MAXIMUM_FINDINGS) {
            findings.add(new Finding(sequence, kind, id));
        } else {
            complete = false;
        }
    }

    private static boolean isHash(String text) {
        return text.length() == 64 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
}
