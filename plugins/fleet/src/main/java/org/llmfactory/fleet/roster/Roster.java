package org.llmfactory.fleet.roster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.agent.report.ReportReader;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;

/** Everyone who reports. Time passes for it only by {@link #sweep}. */
public final class Roster implements StreamService {
    private static final Duration RETRY = Duration.ofSeconds(60);

    private final Limits limits;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Watcher watcher;
    private final MessageCounts counts = new MessageCounts();
    private final ConcurrentNavigableMap<AgentAddress, Entry> entries = new ConcurrentSkipListMap<>();
    /** Counting a skip list means walking it. */
    private final AtomicInteger size = new AtomicInteger();

    Roster(Limits limits, Clock clock, LongSupplier nanos, Watcher watcher) {
        this.limits = limits;
        this.clock = clock;
        this.nanos = nanos;
        this.watcher = watcher;
    }

    @Override
    public String name() {
        return ReportMessages.SERVICE;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        Instant started = ReportReader.started(request);
        Session session;
        @Nullable Session former;
        // Under the lock, so that no entry is forgotten between being found and being used.
        synchronized (entries) {
            Entry entry = entry(stream.peer());
            session = new Session(stream, started, entry, limits.reportBytes(), counts);
            former = entry.replace(session, started);
        }
        if (former != null) {
            former.cancel("The agent has opened another stream of reports.");
        }
        return session;
    }

    private Entry entry(AgentAddress address) {
        Entry known = entries.get(address);
        if (known != null) {
            return known;
        }
        if (size.get() >= limits.agents()) {
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED,
                    RETRY,
                    "This controller takes the reports of " + limits.agents()
                            + " agents and no more; raise its limit or join another region.");
        }
        Entry made = new Entry(address, clock, nanos, watcher);
        entries.put(address, made);
        size.incrementAndGet();
        return made;
    }

    /**
     * Marks those who are silent, and forgets those who have been for long.
     *
     * @param late how much later this comes than it should: a process that stood still has not heard anyone meanwhile
     */
    void sweep(Duration late) {
        Duration silence = limits.silence().plus(late);
        entries.forEach((address, entry) -> {
            entry.checkSilence(silence);
            if (entry.isOver(limits)) {
                forget(address, entry);
            }
        });
    }

    private void forget(AgentAddress address, Entry entry) {
        synchronized (entries) {
            if (!entry.isOver(limits) || !entries.remove(address, entry)) {
                return;
            }
            size.decrementAndGet();
        }
        entry.end("The agent has not said what it is.");
        entry.member().ifPresent(member -> watcher.onChange(Change.FORGOTTEN, member));
    }

    /** Ends all streams, so that agents look for another controller or for this one's return. */
    void close() {
        entries.values().forEach(entry -> entry.end("The controller no longer takes reports."));
    }

    /** Every agent that has reported, by address. */
    public List<Member> members() {
        return entries.values().stream()
                .flatMap(entry -> entry.member().stream())
                .toList();
    }

    /** One of them. */
    public Optional<Member> member(AgentAddress address) {
        return Optional.ofNullable(entries.get(address)).flatMap(Entry::member);
    }

    public MessageCounts counts() {
        return counts;
    }
}
