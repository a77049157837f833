package org.llmfactory.sysinfo.report;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.report.LoadReport;
import org.llmfactory.agent.report.ReportHandler;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.agent.report.ReportReader;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;

/** Takes reports and remembers them. */
final class RecordingController implements StreamService {
    final List<AgentStream> streams = new CopyOnWriteArrayList<>();
    final BlockingQueue<AgentReport> reports = new LinkedBlockingQueue<>();
    final BlockingQueue<LoadReport> loads = new LinkedBlockingQueue<>();
    /** Times of beats, by {@link System#nanoTime}. */
    final List<Long> beats = new CopyOnWriteArrayList<>();

    volatile boolean heardGoodbye;
    volatile boolean heardEnd;
    final AtomicInteger refusals = new AtomicInteger();

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
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new FactoryException(ErrorCode.OVERLOADED, "Not now.");
        }
        ReportReader.started(request);
        streams.add(stream);
        return new Listener();
    }

    private final class Listener implements StreamListener, ReportHandler {
        private final ReportReader reader = new ReportReader(1 << 20);

        @Override
        public void onMessage(byte[] message) {
            reader.read(message, this);
        }

        @Override
        public void onEnd() {
            heardEnd = true;
        }

        @Override
        public void onFailure(@Nullable FactoryException reason) {}

        @Override
        public void onReport(AgentReport report) {
            reports.add(report);
        }

        @Override
        public void onLoad(LoadReport load) {
            loads.add(load);
        }

        @Override
        public void onBeat() {
            beats.add(System.nanoTime());
        }

        @Override
        public void onGoodbye() {
            heardGoodbye = true;
        }
    }
}
