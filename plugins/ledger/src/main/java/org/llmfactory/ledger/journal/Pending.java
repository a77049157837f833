package org.llmfactory.ledger.journal;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.ledger.transcript.TranscriptCipher.Sealed;

/** An event on its way into the journal, and what its caller waits for. Safe for use by several threads. */
final class Pending {
    /** What became of it. */
    enum State {
        /** It is in line. */
        WAITING,
        /** Its caller is to write everything that is in line. */
        LEADING,
        /** It is in the journal. */
        WRITTEN,
        /** It could not be written. */
        FAILED
    }

    private final String id;
    private final AuditEvent event;
    private final String details;
    private final Optional<UsageEntry> usage;
    private final Optional<Sealed> transcript;
    private State state = State.WAITING;

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

    synchronized State state() {
        return state;
    }

    /** Tells the caller how it goes on. */
    synchronized void become(State next) {
        state = next;
        notifyAll();
    }

    /** Waits until it is no longer {@link State#WAITING}, or for so long. */
    synchronized State await(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (state == State.WAITING && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        return state;
    }
}
