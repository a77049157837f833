package org.llmfactory.sysinfo.report;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.report.LoadReport;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of reports to one controller. It is opened in the background, again and again after it has failed; what is
 * told meanwhile is not kept, since a new stream begins with everything.
 */
final class ControllerChannel {
    private static final Logger log = LoggerFactory.getLogger(ControllerChannel.class);
    private static final Duration OPENING = Duration.ofSeconds(5);
    /** Whole reports are sent no more often than this, those in which only engines have changed twice as often. */
    private static final Duration SPACING = Duration.ofSeconds(1);

    /** A stream that has lasted this long was a good one. */
    private static final Duration PROVEN = Duration.ofSeconds(10);

    private final AgentAddress controller;
    private final DataPlane dataPlane;
    private final Executor connector;
    private final Backoff backoff = new Backoff(ThreadLocalRandom.current());
    private @Nullable Attempt attempt;
    private @Nullable AgentStream stream;
    private @Nullable AgentReport sent;
    private long sentAt;
    private long openedAt;
    private long nextTry = System.nanoTime();
    private boolean closed;

    /**
     * A channel that is not open yet.
     *
     * @param connector where waiting for the controller does not hold up anything
     */
    ControllerChannel(AgentAddress controller, DataPlane dataPlane, Executor connector) {
        this.controller = controller;
        this.dataPlane = dataPlane;
        this.connector = connector;
    }

    /** Whether the controller is being told. */
    synchronized boolean isOpen() {
        return stream != null;
    }

    /** Tells the controller what has changed, or opens the stream when it is time to. */
    synchronized void tell(AgentReport report) {
        long now = System.nanoTime();
        if (stream == null) {
            openWhenDue(report.started(), now);
            return;
        }
        if (sent == null || !onlyLoadDiffers(sent, report)) {
            tellAll(stream, report, now);
        } else if (!report.equals(sent)) {
            send(stream, ReportMessages.load(LoadReport.of(report)), report);
        }
    }

    /** Tells the controller that this agent is there. */
    synchronized void beat() {
        if (stream != null && sent != null) {
            send(stream, ReportMessages.beat(), sent);
        }
    }

    /** Tells the controller that this agent stops, and ends the stream. */
    synchronized void close() {
        closed = true;
        if (stream != null) {
            try {
                stream.send(ReportMessages.goodbye());
                stream.finish();
            } catch (FactoryException gone) {
                log.debug("No goodbye to {}", controller, gone);
            }
            stream = null;
        }
        attempt = null;
    }

    private void tellAll(AgentStream open, AgentReport report, long now) {
        Duration spacing = sent != null && onlyEnginesDiffer(sent, report) ? SPACING.dividedBy(2) : SPACING;
        // A timer is never exact: a tenth early is on time.
        if (sent != null && now - sentAt < spacing.toNanos() * 9 / 10) {
            return;
        }
        sentAt = now;
        for (byte[] message : ReportMessages.report(report)) {
            if (!send(open, message, report)) {
                return;
            }
        }
    }

    /** Sends a message after which the controller knows {@code report}; a controller that takes no more is left alone. */
    private boolean send(AgentStream open, byte[] message, AgentReport report) {
        try {
            if (!open.awaitWritable(Duration.ZERO)) {
                log.debug("{} takes no more reports at present", controller);
                // What was sent is in parts or out of date, so all of it is sent again.
                sent = null;
                return false;
            }
            open.send(message);
            sent = report;
            return true;
        } catch (FactoryException failed) {
            lost(failed);
            return false;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean onlyLoadDiffers(AgentReport before, AgentReport now) {
        return LoadReport.of(before).in(now).equals(before);
    }

    private static boolean onlyEnginesDiffer(AgentReport before, AgentReport now) {
        return new AgentReport(
                        now.feature(),
                        now.region(),
                        now.started(),
                        now.labels(),
                        now.hardware(),
                        now.plugins(),
                        before.engines(),
                        now.trainers(),
                        before.load())
                .equals(before);
    }

    private void openWhenDue(Instant started, long now) {
        if (attempt == null && !closed && now - nextTry >= 0) {
            Attempt next = new Attempt();
            attempt = next;
            connector.execute(() -> open(next, started));
        }
    }

    private void open(Attempt next, Instant started) {
        try {
            AgentStream opened = dataPlane.open(
                    controller, ReportMessages.SERVICE, Lane.LIVE, ReportMessages.opening(started), next, OPENING);
            if (!took(next, opened)) {
                opened.cancel("no longer needed");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            ended(next, failed);
        }
    }

    private synchronized boolean took(Attempt next, AgentStream opened) {
        if (next != attempt) {
            return false;
        }
        log.info("Reporting to {}", controller);
        stream = opened;
        sent = null;
        openedAt = System.nanoTime();
        return true;
    }

    private synchronized void ended(Attempt ended, RuntimeException reason) {
        if (ended == attempt) {
            lost(reason);
        }
    }

    private void lost(RuntimeException reason) {
        long now = System.nanoTime();
        if (stream != null) {
            log.warn("Reports to {} have ended: {}", controller, reason.getMessage());
            if (now - openedAt > PROVEN.toNanos()) {
                backoff.reset();
            }
        } else {
            log.debug("{} takes no reports", controller, reason);
        }
        stream = null;
        attempt = null;
        nextTry = now + backoff.next().toNanos();
    }

    /** One stream, or the wish for one; the controller says nothing on it. */
    private final class Attempt implements StreamListener {
        @Override
        public void onMessage(byte[] message) {
            log.debug("{} answers a report", controller);
        }

        @Override
        public void onEnd() {
            log.debug("{} has nothing to say", controller);
        }

        @Override
        public void onFailure(FactoryException reason) {
            ended(this, reason);
        }
    }
}
