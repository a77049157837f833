package org.llmfactory.fleet.roster;

import java.util.concurrent.atomic.LongAdder;

/** How many messages agents have sent, by kind. */
public final class MessageCounts {
    private final LongAdder reports = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder beats = new LongAdder();
    private final LongAdder refusals = new LongAdder();

    void report() {
        reports.increment();
    }

    void load() {
        loads.increment();
    }

    void beat() {
        beats.increment();
    }

    void refused() {
        refusals.increment();
    }

    /** Whole reports. */
    public double reports() {
        return reports.sum();
    }

    /** Reports of load alone. */
    public double loads() {
        return loads.sum();
    }

    /** Signs of life, and parts of reports. */
    public double beats() {
        return beats.sum();
    }

    /** Messages that were malformed or too large. */
    public double refusals() {
        return refusals.sum();
    }
}
