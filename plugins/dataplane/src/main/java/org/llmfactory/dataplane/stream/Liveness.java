package org.llmfactory.dataplane.stream;

import java.time.Duration;

/**
 * What time means to a stream: when to ask whether the other end is still there, and when to give up. Safe for several
 * threads.
 */
final class Liveness {
    private static final Duration FIRST_PROBE = Duration.ofMillis(200);
    private static final Duration LAST_PROBE = Duration.ofSeconds(2);
    /** Questions that are asked before a silence counts as the end. */
    private static final int QUESTIONS = 6;

    private static final long DOUBT_PAUSE = Duration.ofSeconds(1).toNanos();

    private final long silence;
    private final long pause;
    private final long firstProbe;
    private final long lastProbe;
    private volatile long heard = System.nanoTime();
    private long lingerEnd;
    private long asked = heard;
    /** When somebody was believed last who said that the other end does not know the stream. */
    private long doubted = heard - DOUBT_PAUSE;

    /** From when on the other end is asked about what it owes; 0 while it owes nothing. */
    private long probeAt;

    private long probe;

    Liveness(Duration limit) {
        this.silence = limit.toNanos();
        this.pause = silence / QUESTIONS;
        this.firstProbe = Math.min(FIRST_PROBE.toNanos(), pause);
        this.lastProbe = Math.min(LAST_PROBE.toNanos(), pause);
        this.probe = firstProbe;
    }

    /** There is a sign of the other end. */
    void heard() {
        heard = System.nanoTime();
    }

    /** The other end has got on with what it owes. */
    synchronized void progress() {
        probeAt = 0;
        probe = firstProbe;
    }

    /** Whether it is worth a call to ask if the other end knows the stream: not too often, since anyone can say it. */
    synchronized boolean isDoubtDue(long now) {
        boolean due = now - doubted >= DOUBT_PAUSE;
        doubted = due ? now : doubted;
        return due;
    }

    /** The stream is over; from now on only its end is told. */
    synchronized void linger() {
        lingerEnd = System.nanoTime() + silence;
        progress();
    }

    synchronized boolean hasLingered(long now) {
        return now - lingerEnd > 0;
    }

    boolean isSilent(long now) {
        return now - heard > silence;
    }

    /** This agent itself stood still for so long: nothing could be heard. */
    void excuse(long nanos) {
        heard = Math.min(heard + nanos, System.nanoTime());
    }

    /**
     * Whether to ask for a sign of the other end.
     *
     * @param expecting whether the other end owes an acknowledgement or credit; then it is asked sooner, and less and less
     *     often
     */
    synchronized boolean isPingDue(long now, boolean expecting) {
        boolean due = expecting && isProbeDue(now);
        if (!expecting) {
            progress();
        }
        if (due || (now - heard > pause && now - asked > pause)) {
            asked = now;
            return true;
        }
        return false;
    }

    private boolean isProbeDue(long now) {
        if (probeAt == 0) {
            probeAt = now + probe;
            return false;
        }
        if (now - probeAt < 0) {
            return false;
        }
        probe = Math.min(2 * probe, lastProbe);
        probeAt = now + probe;
        return true;
    }
}
