package org.llmfactory.fleet.roster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;

/** The controller's end of a stream, with the reasons it was cancelled for. */
final class RecordingStream implements AgentStream {
    final List<String> cancellations = new CopyOnWriteArrayList<>();
    private final AgentAddress peer;

    RecordingStream(AgentAddress peer) {
        this.peer = peer;
    }

    @Override
    public String id() {
        return "stream";
    }

    @Override
    public AgentAddress peer() {
        return peer;
    }

    @Override
    public void send(byte[] message) {
        throw new IllegalStateException("a controller says nothing on a stream of reports");
    }

    @Override
    public boolean awaitWritable(Duration deadline) {
        return true;
    }

    @Override
    public void finish() {}

    @Override
    public void cancel(String reason) {
        cancellations.add(reason);
    }
}
