package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.chain.ChainLinks;
import org.llmfactory.ledger.chain.Head;
import org.llmfactory.ledger.transcript.TranscriptCipher.Sealed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds events to the end of the chain and writes them down. For one thread at a time. */
final class Journal {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    private final LedgerStore store;
    private final Clock clock;
    private final JournalFile file;
    private final Backlog backlog;
    private Head head;

    /** Goes on behind an entry. */
    Journal(LedgerStore store, Clock clock, JournalFile file, Backlog backlog, Head head) {
        this.store = store;
        this.clock = clock;
        this.file = file;
        this.backlog = backlog;
        this.head = head;
    }

    /**
     * Writes events, all or none.
     *
     * @return whether they are there to stay
     */
    boolean write(List<Pending> batch) {
        try {
            List<Entered> entries = link(batch);
            long end = file.append(entries.stream().map(JournalLine::write).toList());
            head = entries.get(entries.size() - 1).entry().head();
            backlog.add(entries, end);
            return true;
        } catch (IOException | RuntimeException | Error failure) {
            // Errors too: whoever waits behind this batch can still be served.
            log.error("A batch of {} audit entries failed: {}", batch.size(), Failures.cause(failure));
            return false;
        }
    }

    private List<Entered> link(List<Pending> batch) {
        List<Entered> entries = new ArrayList<>(batch.size());
        Head end = head;
        for (Pending pending : batch) {
            ChainEntry.Link link = new ChainEntry.Link(
                    store.chain(), end.sequence() + 1, pending.id(), Math.max(clock.millis(), end.at()));
            ChainEntry entry = ChainLinks.bind(
                    store.key(),
                    end,
                    link,
                    pending.event(),
                    pending.details(),
                    pending.usage(),
                    pending.transcript().map(Sealed::digest));
            entries.add(new Entered(entry, pending.usage(), pending.transcript().map(Sealed::content)));
            end = entry.head();
        }
        return entries;
    }
}
