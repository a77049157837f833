package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;
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

/** The ledger: callers queue their events, one thread commits all that are waiting at once. */
@Component(service = Ledger.class, configurationPid = "org.llmfactory.ledger")
@Designate(ocd = ChainedLedger.Config.class)
public final class ChainedLedger implements Ledger {
    /** Bounds of the ledger. */
    @ObjectClassDefinition(name = "LLM Factory: ledger")
    public @interface Config {
        @AttributeDefinition(description = "Milliseconds that a caller waits for his entry to be durable")
        int deadlineMillis() default 5_000;

        @AttributeDefinition(description = "Entries that may wait for the next commit")
        int queueCapacity() default 10_000;

        @AttributeDefinition(description = "Entries of one commit at most")
        int batchSize() default 512;
    }

    private static final Logger log = LoggerFactory.getLogger(ChainedLedger.class);

    private final LedgerStore store;
    private final LedgerMetrics metrics;
    private final Journal journal;
    private final CommitQueue queue;
    private final Thread writer;
    private final long deadlineNanos;
    private final int batchSize;

    @Activate
    public ChainedLedger(@Reference LedgerStore store, @Reference LedgerMetrics metrics, Config config)
            throws IOException {
        this(store, metrics, config, Clock.systemUTC());
    }

    ChainedLedger(LedgerStore store, LedgerMetrics metrics, Config config, Clock clock) throws IOException {
        this.store = store;
        this.metrics = metrics;
        this.journal = new Journal(store, clock);
        this.queue = new CommitQueue(config.queueCapacity());
        this.deadlineNanos = Duration.ofMillis(config.deadlineMillis()).toNanos();
        this.batchSize = config.batchSize();
        metrics.watch(queue::size);
        this.writer = new Thread(this::commitUntilClosed, "llmfactory-ledger");
        writer.start();
    }

    @Override
    public String record(AuditEvent event) {
        return submit(
                new Pending(Ids.next(), event, EntryText.details(event.details()), Optional.empty(), Optional.empty()));
    }

    @Override
    public String record(AuditEvent event, UsageEntry usage, Optional<Transcript> transcript) {
        String id = Ids.next();
        return submit(new Pending(
                id,
                event,
                EntryText.details(event.details()),
                Optional.of(usage),
                transcript.map(said -> store.cipher().seal(id, said))));
    }

    @Override
    public long tokensUsed(String project, Instant since) {
        return store.tables().withHandle(handle -> UsageTable.tokensUsed(handle, project, since.toEpochMilli()));
    }

    /** Writes what is in line, then ends. */
    @Deactivate
    public void close() throws InterruptedException {
        queue.close();
        writer.join(2 * Duration.ofNanos(deadlineNanos).toMillis());
        if (writer.isAlive()) {
            log.error("The audit log's last batch is still being written; its callers were refused.");
        }
    }

    private String submit(Pending pending) {
        long started = System.nanoTime();
        try {
            if (queue.offer(pending, deadlineNanos) && pending.await(deadlineNanos - (System.nanoTime() - started))) {
                return pending.id();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        giveUp(pending);
        throw FactoryException.retryLater(
                ErrorCode.OVERLOADED,
                Duration.ofSeconds(1),
                "The audit log cannot be written at present, and nothing is done without it. Try again later.");
    }

    /** An event that the writer has not begun to write is never written: what it is about does not happen. */
    private void giveUp(Pending pending) {
        if (pending.claim()) {
            metrics.failed(1);
        }
    }

    private void commitUntilClosed() {
        List<Pending> batch = queue.take(batchSize);
        while (!batch.isEmpty()) {
            commit(batch.stream().filter(Pending::claim).toList());
            batch = queue.take(batchSize);
        }
        journal.close();
    }

    private void commit(List<Pending> batch) {
        if (batch.isEmpty()) {
            return;
        }
        boolean success = false;
        long started = System.nanoTime();
        try {
            success = journal.write(batch, deadlineNanos);
        } catch (RuntimeException | Error failure) {
            // The writer lives on: without it nothing could be entered any more.
            log.error("A batch of audit entries failed: {}", Failures.cause(failure));
        } finally {
            for (Pending pending : batch) {
                pending.finish(success);
            }
        }
        if (success) {
            metrics.committed(batch.size(), Duration.ofNanos(System.nanoTime() - started));
        } else {
            metrics.failed(batch.size());
        }
    }
}
