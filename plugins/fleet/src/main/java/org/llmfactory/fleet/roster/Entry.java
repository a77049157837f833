package org.llmfactory.fleet.roster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.report.LoadReport;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.Fleet.Member;

/**
 * What is known of one agent. A sign of life of an agent that is alive takes no lock: there are two a second from each of
 * thousands.
 */
final class Entry {
    private final AgentAddress address;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Watcher watcher;
    private final long created;
    private volatile long heard;
    private volatile boolean alive;
    private volatile @Nullable AgentReport report;
    private volatile @Nullable Session session;

    Entry(AgentAddress address, Clock clock, LongSupplier nanos, Watcher watcher) {
        this.address = address;
        this.clock = clock;
        this.nanos = nanos;
        this.watcher = watcher;
        this.created = nanos.getAsLong();
        this.heard = created;
    }

    /** The agent has opened a stream; an older one of it counts no more. */
    synchronized @Nullable Session replace(Session next, Instant started) {
        Session former = session;
        session = next;
        heard = nanos.getAsLong();
        AgentReport known = report;
        if (alive && known != null && !known.started().equals(started)) {
            tell(Change.RESTARTED, false, known);
        }
        return former;
    }

    /** Whether a stream is the agent's newest. */
    boolean isCurrent(Session asking) {
        return session == asking;
    }

    void report(Session from, AgentReport next) {
        synchronized (this) {
            if (isCurrent(from)) {
                heard = nanos.getAsLong();
                AgentReport known = report;
                report = next;
                if (known == null) {
                    tell(Change.JOINED, true, next);
                } else if (!alive) {
                    tell(Change.RETURNED, true, next);
                } else if (!known.equals(next)) {
                    tell(Change.CHANGED, true, next);
                }
            }
        }
    }

    void load(Session from, LoadReport load) {
        synchronized (this) {
            AgentReport known = report;
            if (isCurrent(from) && known != null) {
                AgentReport next = load.in(known);
                boolean enginesDiffer = !next.engines().equals(known.engines());
                report = next;
                beat(from);
                if (enginesDiffer && alive) {
                    tell(Change.CHANGED, true, next);
                }
            }
        }
    }

    void beat(Session from) {
        if (isCurrent(from)) {
            heard = nanos.getAsLong();
            if (!alive) {
                revive();
            }
        }
    }

    private synchronized void revive() {
        AgentReport known = report;
        Session current = session;
        // After a restart, what is known does not hold until there is a new report.
        if (!alive && known != null && current != null && known.started().equals(current.started())) {
            tell(Change.RETURNED, true, known);
        }
    }

    synchronized void goodbye(Session from) {
        if (isCurrent(from)) {
            session = null;
            AgentReport known = report;
            if (alive && known != null) {
                tell(Change.STOPPED, false, known);
            }
        }
    }

    /** Marks an agent that has been silent for too long. */
    void checkSilence(Duration limit) {
        if (alive && silence().compareTo(limit) > 0) {
            synchronized (this) {
                AgentReport known = report;
                if (alive && known != null && silence().compareTo(limit) > 0) {
                    tell(Change.SILENT, false, known);
                }
            }
        }
    }

    Duration silence() {
        return Duration.ofNanos(nanos.getAsLong() - heard);
    }

    /** Whether it is to be forgotten: silent for long, or never introduced. */
    boolean isOver(Limits limits) {
        if (report == null) {
            return nanos.getAsLong() - created > limits.introduction().toNanos();
        }
        return !alive && silence().compareTo(limits.forget()) > 0;
    }

    /** Ends the agent's stream, when it has one. */
    void end(String reason) {
        Session current = session;
        if (current != null) {
            session = null;
            current.cancel(reason);
        }
    }

    /** The agent, once it has reported. */
    Optional<Member> member() {
        return Optional.ofNullable(report).map(known -> member(known, alive));
    }

    private Member member(AgentReport known, boolean isAlive) {
        return new Member(address, known, isAlive, clock.instant().minus(silence()));
    }

    private void tell(Change change, boolean isAlive, AgentReport known) {
        alive = isAlive;
        watcher.onChange(change, member(known, isAlive));
    }
}
