package org.llmfactory.fleet.attendance;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.fleet.roster.Change;
import org.llmfactory.fleet.roster.FleetService;
import org.llmfactory.fleet.roster.Watcher;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enters in the log and in the ledger which agents are lost and which return. When a whole region falls silent, neither is
 * flooded: what goes over a bound is counted, and the next entry says how many were left out.
 */
@Component(service = Attendance.class, immediate = true)
public final class Attendance implements Watcher {
    private static final Logger log = LoggerFactory.getLogger(Attendance.class);
    private static final int ENTRIES_IN_A_MINUTE = 120;
    private static final int QUEUE = 1000;

    private final FleetService fleet;
    private final Allowance allowance;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong leftOut = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong entered = new AtomicLong();
    private final Thread thread;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Ledger ledger;

    private record Entry(Change change, Member member) {}

    @Activate
    public Attendance(@Reference FleetService fleet) {
        this(fleet, System::nanoTime);
    }

    Attendance(FleetService fleet, LongSupplier nanos) {
        this.fleet = fleet;
        this.allowance = new Allowance(ENTRIES_IN_A_MINUTE, Duration.ofMinutes(1), nanos);
        this.thread = new Thread(this::run, "llmfactory-fleet-attendance");
        thread.setDaemon(true);
        thread.start();
        fleet.watch(this);
    }

    @Deactivate
    void stop() {
        fleet.unwatch(this);
        thread.interrupt();
    }

    @Override
    public void onChange(Change change, Member member) {
        boolean told = change.isLoss() || change == Change.RETURNED || change == Change.JOINED;
        if (told && queue.offer(new Entry(change, member))) {
            taken.incrementAndGet();
        } else if (told) {
            leftOut.incrementAndGet();
        }
    }

    /** Whether everything is entered that is to be. */
    boolean isIdle() {
        return entered.get() == taken.get();
    }

    private void run() {
        try {
            while (true) {
                enter(queue.take());
                entered.incrementAndGet();
            }
        } catch (InterruptedException closed) {
            log.debug("Nobody's attendance is entered any more");
        }
    }

    private void enter(Entry entry) {
        if (!allowance.take()) {
            leftOut.incrementAndGet();
            return;
        }
        long before = leftOut.getAndSet(0);
        tellLog(entry, before);
        if (entry.change() != Change.JOINED) {
            tellLedger(entry, before);
        }
    }

    private static void tellLog(Entry entry, long before) {
        String reason = reason(entry.change());
        String more = before == 0 ? "" : " (" + before + " others before it were not logged)";
        if (entry.change().isLoss() && entry.change() != Change.STOPPED) {
            log.warn("The agent {} is lost: {}{}", entry.member().address(), reason, more);
        } else {
            log.info("The agent {} has {}{}", entry.member().address(), reason, more);
        }
    }

    private void tellLedger(Entry entry, long before) {
        Ledger present = ledger;
        if (present == null) {
            return;
        }
        String type = entry.change().isLoss() ? "agent.lost" : "agent.returned";
        try {
            present.record(AuditEvent.of(
                            type,
                            Actor.system(),
                            Optional.empty(),
                            entry.member().address().toString())
                    .with(Map.of("reason", reason(entry.change()), "left_out_before", before)));
        } catch (FactoryException full) {
            log.error("The ledger does not take that {} is {}", entry.member().address(), type, full);
        }
    }

    private static String reason(Change change) {
        return change.name().toLowerCase(Locale.ROOT);
    }
}
