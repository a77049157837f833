package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.chain.ChainLinks;
import org.llmfactory.ledger.chain.ChainTable;
import org.llmfactory.ledger.chain.Head;
import org.llmfactory.ledger.chain.HeadFile;
import org.llmfactory.ledger.transcript.TranscriptCipher.Sealed;
import org.llmfactory.ledger.transcript.TranscriptTable;
import org.llmfactory.ledger.usage.UsageTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches: entries, use and transcripts in one transaction, then the record of the chain's end. Has a connection of
 * its own, because its callers may hold all others while they wait. Confined to one thread.
 */
final class Journal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final long LASTING_EVERY_NANOS = 1_000_000_000L;

    /** After an outage, the pool may give out a few connections that broke with it. */
    private static final int ATTEMPTS = 4;

    private final LedgerStore store;
    private final Clock clock;
    private final HeadFile headFile;
    private Head head;
    private @Nullable Handle handle;
    private long lastingSince = System.nanoTime() - LASTING_EVERY_NANOS;

    /**
     * Goes on where the chain ends.
     *
     * @throws IOException when the record of the end can be neither read nor written
     */
    Journal(LedgerStore store, Clock clock) throws IOException {
        this.store = store;
        this.clock = clock;
        this.headFile = store.head();
        Optional<Head> recorded = headFile.read();
        Optional<Head> last = ChainTable.last(
                        handle(), store.chain(), recorded.map(Head::sequence).orElse(0L))
                .map(ChainEntry::head);
        this.head = last.or(() -> recorded).orElse(Head.EMPTY);
        report(recorded, last);
    }

    /**
     * Writes events, all or none.
     *
     * @param patience nanoseconds after which nobody waits any more: then it is not tried again
     * @return whether they are in the ledger to stay
     */
    boolean write(List<Pending> batch, long patience) {
        long started = System.nanoTime();
        for (int attempt = 1; attempt <= ATTEMPTS && System.nanoTime() - started < patience; attempt++) {
            try {
                List<ChainEntry> entries = link(batch);
                commit(batch, entries);
                advance(entries.get(entries.size() - 1).head());
                return true;
            } catch (RuntimeException | Error failure) {
                // Errors too: whatever happened, the connection is not to be trusted, and others wait behind this
                // batch.
                log.warn("A batch of {} audit entries failed: {}", batch.size(), Failures.cause(failure));
                if (recovered(batch)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        closeHandle();
    }

    /** Binds each event to the one before it. */
    private List<ChainEntry> link(List<Pending> batch) {
        List<ChainEntry> entries = new ArrayList<>(batch.size());
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
            entries.add(entry);
            end = entry.head();
        }
        return entries;
    }

    private void commit(List<Pending> batch, List<ChainEntry> entries) {
        List<UsageTable.Counted> usage = new ArrayList<>();
        List<TranscriptTable.Row> transcripts = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            ChainEntry.Link link = entries.get(i).link();
            Pending pending = batch.get(i);
            pending.usage().ifPresent(entry -> usage.add(new UsageTable.Counted(link.at(), entry)));
            pending.transcript()
                    .ifPresent(
                            secret -> transcripts.add(new TranscriptTable.Row(link.id(), link.at(), secret.content())));
        }
        handle().useTransaction(transaction -> {
            ChainTable.insert(transaction, entries);
            UsageTable.add(transaction, store.chain(), usage);
            TranscriptTable.insert(transaction, transcripts);
        });
    }

    /** The entries are durable already; the record of the end may lag, and then says less than it could. */
    private void advance(Head end) {
        head = end;
        boolean lasting = System.nanoTime() - lastingSince >= LASTING_EVERY_NANOS;
        try {
            headFile.write(end, lasting);
        } catch (IOException failure) {
            log.error("The record of the audit log's end cannot be written: {}", failure.toString());
        }
        if (lasting) {
            lastingSince = System.nanoTime();
        }
    }

    /**
     * Looks where the chain ends after a failure, which may have come after the commit.
     *
     * @return whether the batch is there
     */
    private boolean recovered(List<Pending> batch) {
        closeHandle();
        try {
            Optional<ChainEntry> last = ChainTable.last(handle(), store.chain(), head.sequence());
            if (last.isEmpty() || last.get().link().sequence() <= head.sequence()) {
                return false;
            }
            boolean ours =
                    last.get().link().id().equals(batch.get(batch.size() - 1).id());
            advance(last.get().head());
            return ours;
        } catch (RuntimeException failure) {
            log.warn("The audit log cannot be read: {}", Failures.cause(failure));
            closeHandle();
            return false;
        }
    }

    /** What does not fit at the start is told now, and where it would be forgotten it is entered in the chain. */
    private void report(Optional<Head> recorded, Optional<Head> last) {
        if (recorded.isEmpty() && last.isPresent()) {
            log.error("The record of the audit log's end is missing or damaged; it is made anew.");
            enter("ledger.head.renewed");
        } else if (recorded.isPresent() && last.isEmpty()) {
            log.error("Audit entries up to {} are missing from the database.", head.sequence());
        }
    }

    private void enter(String type) {
        AuditEvent event = new AuditEvent(type, Actor.system(), Optional.empty(), Optional.empty(), Map.of());
        write(List.of(new Pending(Ids.next(), event, "{}", Optional.empty(), Optional.empty())), Long.MAX_VALUE);
    }

    private Handle handle() {
        Handle open = handle;
        if (open == null) {
            open = store.tables().open();
            handle = open;
        }
        return open;
    }

    private void closeHandle() {
        Handle open = handle;
        handle = null;
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException failure) {
                log.debug("Closing a broken connection: {}", Failures.cause(failure));
            }
        }
    }
}
