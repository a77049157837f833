package org.llmfactory.sysinfo.report;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Membership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the controllers of an agent informed. Signs of life have a thread of their own: nothing that takes long to
 * describe makes an agent look dead.
 */
public final class Reporter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reporter.class);
    private static final Duration BEAT = Duration.ofMillis(500);

    private final Membership membership;
    private final DataPlane dataPlane;
    private final Function<String, AgentReport> description;
    private final Map<AgentAddress, ControllerChannel> channels = new ConcurrentSkipListMap<>();
    private final ScheduledExecutorService describing = scheduler("llmfactory-report");
    private final ScheduledExecutorService beating = scheduler("llmfactory-beat");
    private final ExecutorService connecting =
            Executors.newCachedThreadPool(task -> daemon(task, "llmfactory-report-open"));
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Future<?> reports;
    private final Future<?> beats;

    /**
     * Begins to report.
     *
     * @param description describes this agent in a region
     */
    public Reporter(Membership membership, DataPlane dataPlane, Function<String, AgentReport> description) {
        this.membership = membership;
        this.dataPlane = dataPlane;
        this.description = description;
        reports = describing.scheduleAtFixedRate(this::report, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
        beats = beating.scheduleAtFixedRate(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ScheduledExecutorService scheduler(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> daemon(task, name));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Something has changed: controllers hear of it as soon as they may. */
    void wake() {
        if (awake.compareAndSet(false, true)) {
            try {
                describing.execute(this::report);
            } catch (RejectedExecutionException stopping) {
                log.debug("Nothing more is reported", stopping);
            }
        }
    }

    /** Which controllers are being told. */
    Map<AgentAddress, Boolean> reached() {
        Map<AgentAddress, Boolean> reached = new TreeMap<>();
        channels.forEach((controller, channel) -> reached.put(controller, channel.isOpen()));
        return reached;
    }

    private void report() {
        awake.set(false);
        try {
            AgentReport now = description.apply(membership.region());
            follow(controllers());
            channels.values().forEach(channel -> channel.tell(now));
        } catch (RuntimeException e) {
            log.warn("This agent cannot be described; controllers know what was told before", e);
        }
    }

    private void beat() {
        try {
            channels.values().forEach(ControllerChannel::beat);
        } catch (RuntimeException e) {
            log.warn("A sign of life could not be given", e);
        }
    }

    /** A controller is in its own fleet too. */
    private Set<AgentAddress> controllers() {
        Set<AgentAddress> controllers = new TreeSet<>(membership.controllers());
        if (membership.self().isController()) {
            controllers.add(membership.self());
        }
        return controllers;
    }

    private void follow(Set<AgentAddress> controllers) {
        for (AgentAddress controller : Set.copyOf(channels.keySet())) {
            ControllerChannel former = controllers.contains(controller) ? null : channels.remove(controller);
            if (former != null) {
                former.close();
            }
        }
        for (AgentAddress controller : controllers) {
            channels.computeIfAbsent(controller, address -> new ControllerChannel(address, dataPlane, connecting));
        }
    }

    /** Says goodbye. */
    @Override
    public void close() {
        beats.cancel(false);
        reports.cancel(false);
        beating.shutdown();
        describing.shutdown();
        try {
            describing.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        channels.values().forEach(ControllerChannel::close);
        connecting.shutdownNow();
    }
}
