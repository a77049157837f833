package org.llmfactory.bench.network;

import java.time.Duration;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.messaging.link.Link;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code bench.link}: how fast the bare link brings the frames that streams would have: as many, as large, over the same
 * connections and broker, but not sealed. Streams of both agents fail for it.
 */
@Component(service = AgentAction.class)
public final class LinkAction implements AgentAction<Transfer, Throughput> {
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    private final BundleContext context;
    private final Link link;
    private final ControlPlane controlPlane;

    @Activate
    public LinkAction(BundleContext context, @Reference Link link, @Reference ControlPlane controlPlane) {
        this.context = context;
        this.link = link;
        this.controlPlane = controlPlane;
    }

    @Override
    public String name() {
        return "bench.link";
    }

    @Override
    public String why() {
        return "Measures how fast the link brings frames that are not sealed; stops all streams for that long.";
    }

    @Override
    public Class<Transfer> arguments() {
        return Transfer.class;
    }

    @Override
    public Class<Throughput> result() {
        return Throughput.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Throughput perform(AgentAddress caller, Transfer asked) throws InterruptedException {
        return DataPlanePause.during(context, () -> receive(asked, LinkSendAction.Frames.of(asked)));
    }

    private Throughput receive(Transfer asked, LinkSendAction.Frames frames) throws InterruptedException {
        try (BareReceiver receiver =
                new BareReceiver(link, asked.peer(), frames.streams(), frames.frames(), frames.window())) {
            Arrival.await(
                    controlPlane.call(asked.peer(), LinkSendAction.NAME, frames, LinkSendAction.Sent.class, DEADLINE),
                    DEADLINE);
            return receiver.throughput(asked.size());
        }
    }
}
