package org.llmfactory.ledger.journal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.ledger.transcript.TranscriptCipher.Sealed;

/** An event on its way into the ledger: made by its caller, finished by the writer. */
final class Pending {
    private final String id;
    private final AuditEvent event;
    private final String details;
    private final Optional<UsageEntry> usage;
    private final Optional<Sealed> transcript;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<Boolean> written = new CompletableFuture<>();

    Pending(String id, AuditEvent event, String details, Optional<UsageEntry> usage, Optional<Sealed> transcript) {
        this.id = id;
        this.event = event;
        this.details = details;
        this.usage = usage;
        this.transcript = transcript;
    }

    String id() {
        return id;
    }

    AuditEvent event() {
        return event;
    }

    String details() {
        return details;
    }

    Optional<UsageEntry> usage() {
        return usage;
    }

    Optional<Sealed> transcript() {
        return transcript;
    }

    /**
     * Claims the event, for writing or for giving up: the first to ask gets it.
     *
     * @return whether it is the one who asks
     */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Tells the caller how it ended. */
    void finish(boolean success) {
        written.complete(success);
    }

    /** Waits for the end; false when it failed or nobody told in time. */
    boolean await(long nanos) throws InterruptedException {
        try {
            return written.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
