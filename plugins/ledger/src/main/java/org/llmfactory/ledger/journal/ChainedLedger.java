package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.database.Ids;
import org.llmfactory.ledger.chain.EntryText;
import org.llmfactory.ledger.usage.UsageTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger. Callers write their events into the journal, many at once when they come at once; from there they come into
 * the tables.
 */
@Component(service = Ledger.class, configurationPid = "org.llmfactory.ledger")
@Designate(ocd = ChainedLedger.Config.class)
public final class ChainedLedger implements Ledger {
    /** Bounds of the ledger. */
    @ObjectClassDefinition(name = "LLM Factory: ledger")
    public @interface Config {
        @AttributeDefinition(description = "Milliseconds that a caller waits for his entry to be durable")
        int deadlineMillis() default 5_000;

        @AttributeDefinition(description = "Entries that may wait for the journal, and as many for the tables")
        int queueCapacity() default 10_000;

        @AttributeDefinition(description = "Entries of one commit at most")
        int batchSize() default 512;

        @AttributeDefinition(description = "Seconds that the database may be away before nothing more is entered")
        int outageSeconds() default 30;
    }

    private static final Logger log = LoggerFactory.getLogger(ChainedLedger.class);

    private final LedgerStore store;
    private final LedgerMetrics metrics;
    private final JournalFile file;
    private final Journal journal;
    private final Backlog backlog;
    private final GroupCommit commits;
    private final Projection projection;
    private final long deadlineNanos;

    /**
     * Goes on where an earlier run ended, once the tables have everything from it.
     *
     * @throws IOException when the journal or the record of the end cannot be read or written
     */
    @Activate
    public ChainedLedger(@Reference LedgerStore store, @Reference LedgerMetrics metrics, Config config)
            throws IOException, InterruptedException {
        this(store, metrics, config, Clock.systemUTC());
    }

    ChainedLedger(LedgerStore store, LedgerMetrics metrics, Config config, Clock clock)
            throws IOException, InterruptedException {
        this.store = store;
        this.metrics = metrics;
        this.deadlineNanos = Duration.ofMillis(config.deadlineMillis()).toNanos();
        this.file = store.journal();
        this.backlog = new Backlog(new Backlog.Limits(
                config.batchSize(), config.queueCapacity(), Duration.ofSeconds(config.outageSeconds())));
        TableWriter tables = new TableWriter(store);
        Recovery earlier = Recovery.of(store, tables, file);
        backlog.add(earlier.leftOver(), file.end());
        this.journal = new Journal(store, clock, file, backlog, earlier.head());
        this.projection = new Projection(backlog, tables, store.head(), file, earlier.tables());
        this.commits = new GroupCommit(config.queueCapacity(), config.batchSize(), this::write);
        projection.start();
        metrics.watch(backlog::size);
        if (earlier.isRecordLost()) {
            record(new AuditEvent("ledger.head.renewed", Actor.system(), Optional.empty(), Optional.empty(), Map.of()));
        }
        try {
            flush();
        } catch (FactoryException unavailable) {
            close();
            throw unavailable;
        }
    }

    @Override
    public String record(AuditEvent event) {
        return submit(new Pending(
                Ids.next("audit_log-"), event, EntryText.details(event.details()), Optional.empty(), Optional.empty()));
    }

    @Override
    public String record(AuditEvent event, UsageEntry usage, Optional<Transcript> transcript) {
        String id = Ids.next("audit_log-");
        return submit(new Pending(
                id,
                event,
                EntryText.details(event.details()),
                Optional.of(usage),
                transcript.map(said -> store.cipher().seal(id, said))));
    }

    @Override
    public void flush() {
        try {
            if (backlog.flush(deadlineNanos)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw FactoryException.retryLater(
                ErrorCode.OVERLOADED,
                Duration.ofSeconds(1),
                "The audit log's tables cannot be written at present. Try again later.");
    }

    @Override
    public long tokensUsed(String project, Instant since) {
        flush();
        return store.tables().withHandle(handle -> UsageTable.tokensUsed(handle, project, since.toEpochMilli()));
    }

    /** Writes what is in line, then ends. */
    @Deactivate
    public void close() throws InterruptedException, IOException {
        boolean written = commits.close(deadlineNanos);
        boolean projected = projection.close(Duration.ofNanos(2 * deadlineNanos));
        if (written && projected) {
            file.close();
        } else {
            log.error("The audit log's last entries are still being written.");
        }
    }

    private String submit(Pending pending) {
        try {
            if (backlog.isWithinLimits() && commits.commit(pending, deadlineNanos)) {
                return pending.id();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        metrics.failed(1);
        throw FactoryException.retryLater(
                ErrorCode.OVERLOADED,
                Duration.ofSeconds(1),
                "The audit log cannot be written at present, and nothing is done without it. Try again later.");
    }

    private boolean write(List<Pending> batch) {
        long started = System.nanoTime();
        boolean success = journal.write(batch);
        if (success) {
            metrics.committed(batch.size(), Duration.ofNanos(System.nanoTime() - started));
        }
        return success;
    }
}
