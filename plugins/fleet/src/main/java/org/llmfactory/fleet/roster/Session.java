package org.llmfactory.fleet.roster;

import java.time.Instant;
import org.llmfactory.agent.report.LoadReport;
import org.llmfactory.agent.report.ReportHandler;
import org.llmfactory.agent.report.ReportReader;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream of reports. What is malformed ends the stream, and with it nothing else. */
final class Session implements StreamListener, ReportHandler {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    private final AgentStream stream;
    private final Instant started;
    private final Entry entry;
    private final ReportReader reader;
    private final MessageCounts counts;
    private boolean refused;

    Session(AgentStream stream, Instant started, Entry entry, int reportBytes, MessageCounts counts) {
        this.stream = stream;
        this.started = started;
        this.entry = entry;
        this.reader = new ReportReader(reportBytes);
        this.counts = counts;
    }

    /** When the process began that opened this stream. */
    Instant started() {
        return started;
    }

    void cancel(String reason) {
        stream.cancel(reason);
    }

    @Override
    public void onMessage(byte[] message) {
        if (refused || !entry.isCurrent(this)) {
            return;
        }
        try {
            reader.read(message, this);
        } catch (FactoryException reason) {
            refused = true;
            counts.refused();
            log.warn("A report of {} is refused: {}", stream.peer(), reason.getMessage());
            stream.cancel("The report was refused: " + reason.getMessage());
        }
    }

    @Override
    public void onReport(AgentReport report) {
        counts.report();
        entry.report(this, report);
    }

    @Override
    public void onLoad(LoadReport load) {
        counts.load();
        entry.load(this, load);
    }

    @Override
    public void onBeat() {
        counts.beat();
        entry.beat(this);
    }

    @Override
    public void onGoodbye() {
        entry.goodbye(this);
    }

    /** An agent that ends its stream of its own accord is there no more, whether it says so or not. */
    @Override
    public void onEnd() {
        entry.goodbye(this);
        stream.finish();
    }

    /** The agent may come back on a new stream before anyone misses it; its silence tells. */
    @Override
    public void onFailure(FactoryException reason) {
        log.debug("The reports of {} have broken off", stream.peer(), reason);
    }
}
