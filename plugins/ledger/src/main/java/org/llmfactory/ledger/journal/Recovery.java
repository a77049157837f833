package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.chain.Head;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an earlier run ended.
 *
 * @param tables the end of the chain in the tables
 * @param leftOver entries of the journal behind it, in their order
 * @param isRecordLost whether there are entries, but no record of their end
 */
record Recovery(Head tables, List<Entered> leftOver, boolean isRecordLost) {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /** Looks at the record of the end, the tables and the journal, and tells of what does not fit. */
    static Recovery of(LedgerStore store, TableWriter writer, JournalFile journal) throws IOException {
        Optional<Head> recorded = store.head().read();
        Optional<ChainEntry> last = writer.last(recorded.map(Head::sequence).orElse(0L));
        List<Entered> written = written(store, journal);
        // The journal begins anew only when there is a record, so one with the first entry may be older than any
        // record.
        boolean isLost =
                recorded.isEmpty() && last.isPresent() && written.stream().noneMatch(entered -> sequence(entered) == 1);
        if (isLost) {
            log.error("The record of the audit log's end is missing or damaged; it is made anew.");
        } else if (recorded.isPresent() && last.isEmpty()) {
            log.error(
                    "Audit entries up to {} are missing from the database.",
                    recorded.get().sequence());
        }
        // A row that somebody else put at the end must not hide what is still in the journal.
        Head end = last.filter(entry -> recorded.isEmpty() || entry.isAuthentic(store.key()))
                .map(ChainEntry::head)
                .or(() -> recorded)
                .orElse(Head.EMPTY);
        List<Entered> leftOver = written.stream()
                .filter(entered -> sequence(entered) > end.sequence())
                .toList();
        return new Recovery(end, leftOver, isLost);
    }

    private static List<Entered> written(LedgerStore store, JournalFile journal) throws IOException {
        List<String> lines = journal.lines();
        List<Entered> whole = lines.stream()
                .flatMap(line -> JournalLine.read(line, store.key(), store.chain()).stream())
                .toList();
        if (whole.size() < lines.size()) {
            log.error("{} lines of the audit log's journal are damaged and not entered.", lines.size() - whole.size());
        }
        return whole;
    }

    private static long sequence(Entered entered) {
        return entered.entry().link().sequence();
    }

    /** What the next entry is bound to. */
    Head head() {
        return leftOver.isEmpty()
                ? tables
                : leftOver.get(leftOver.size() - 1).entry().head();
    }
}
