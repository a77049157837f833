package org.llmfactory.ledger.chain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** Checks the audit log: this agent's own chain, and those of other agents that enter into the same database. For one use. */
public final class ChainVerifier {
    private final Jdbi tables;
    private final ChainKey key;
    private final Set<String> peers;
    private final TranscriptCheck transcripts;
    private final List<Finding> findings = new ArrayList<>();
    private boolean complete = true;

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
     * A check.
     *
     * @param peers chains of other agents that have another key
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
     * @param chain this agent's own
     * @param file the record of its end
     */
    public Verification verify(String chain, HeadFile file) throws IOException {
        List<Verification.Checked> checked = new ArrayList<>();
        ChainCheck own = check(chain, file.read());
        own.entries();
        own.end();
        checked.add(own.checked(Verification.Extent.WHOLE));
        for (ChainTable.ChainSize other : tables.withHandle(ChainTable::chains)) {
            if (!other.chain().equals(chain)) {
                checked.add(verifyOther(other));
            }
        }
        return new Verification(checked, findings, complete);
    }

    /** A chain that was written with the key is checked; any other is of an agent that is known, or of nobody. */
    private Verification.Checked verifyOther(ChainTable.ChainSize other) {
        ChainEntry first = tables.withHandle(handle -> ChainTable.after(handle, other.chain(), Long.MIN_VALUE, 1))
                .get(0);
        if (first.isAuthentic(key)) {
            ChainCheck check = check(other.chain(), Optional.empty());
            check.entries();
            return check.checked(Verification.Extent.ENTRIES);
        }
        if (!peers.contains(other.chain())) {
            find(new Finding(
                    other.chain(),
                    first.link().sequence(),
                    Finding.Kind.FOREIGN,
                    first.link().id()));
        }
        return new Verification.Checked(
                other.chain(),
                Verification.Extent.NOTHING,
                other.entries(),
                first.link().sequence() + other.entries() - 1);
    }

    private ChainCheck check(String chain, Optional<Head> recorded) {
        return new ChainCheck(tables, key, chain, transcripts, recorded, this::find);
    }

    private void find(Finding finding) {
        if (findings.size() < Verification.MAXIMUM_FINDINGS) {
            findings.add(finding);
        } else {
            complete = false;
        }
    }
}
