package org.llmfactory.ledger.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.chain.ChainTable;
import org.llmfactory.ledger.transcript.TranscriptTable;
import org.llmfactory.ledger.usage.UsageTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries, use and transcripts into the tables, each batch in one transaction and once. Has a connection of its own,
 * because whoever waits for it may hold all others. For one thread at a time.
 */
final class TableWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TableWriter.class);

    private final LedgerStore store;
    private @Nullable Handle handle;

    TableWriter(LedgerStore store) {
        this.store = store;
    }

    /**
     * The end of the chain in the tables.
     *
     * @param hint a sequence number near the end, or 0
     */
    Optional<ChainEntry> last(long hint) {
        return ChainTable.last(handle(), store.chain(), hint);
    }

    /**
     * Writes a batch.
     *
     * @return whether it is there; when not, it may be tried again
     */
    boolean write(List<Entered> batch) {
        try {
            insert(batch);
            return true;
        } catch (RuntimeException | Error failure) {
            // Errors too: whatever happened, the connection is not to be trusted.
            log.warn("{} audit entries are not in the tables yet: {}", batch.size(), Failures.cause(failure));
            close();
            return isThere(batch);
        }
    }

    private void insert(List<Entered> batch) {
        List<ChainEntry> entries = new ArrayList<>(batch.size());
        List<UsageTable.Counted> usage = new ArrayList<>();
        List<TranscriptTable.Row> transcripts = new ArrayList<>();
        for (Entered entered : batch) {
            ChainEntry.Link link = entered.entry().link();
            entries.add(entered.entry());
            entered.usage().ifPresent(entry -> usage.add(new UsageTable.Counted(link.at(), entry)));
            entered.transcript()
                    .ifPresent(secret -> transcripts.add(new TranscriptTable.Row(link.id(), link.at(), secret)));
        }
        handle().useTransaction(transaction -> {
            ChainTable.insert(transaction, entries);
            UsageTable.add(transaction, store.chain(), usage);
            TranscriptTable.insert(transaction, transcripts);
        });
    }

    /** The failure may have come after the commit. */
    private boolean isThere(List<Entered> batch) {
        ChainEntry.Link link = batch.get(batch.size() - 1).entry().link();
        try {
            return last(link.sequence())
                    .filter(last -> last.link().id().equals(link.id()))
                    .isPresent();
        } catch (RuntimeException failure) {
            log.debug("The tables cannot be read: {}", Failures.cause(failure));
            close();
            return false;
        }
    }

    private Handle handle() {
        Handle open = handle;
        if (open == null) {
            open = store.tables().open();
            handle = open;
        }
        return open;
    }

    @Override
    public void close() {
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
