package org.llmfactory.bench.network;

import java.time.Duration;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.DataPlane;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code bench.streams}: how fast streams bring what another agent sends. */
@Component(service = AgentAction.class)
public final class StreamsAction implements AgentAction<Transfer, Throughput> {
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    private final DataPlane dataPlane;

    @Activate
    public StreamsAction(@Reference DataPlane dataPlane) {
        this.dataPlane = dataPlane;
    }

    @Override
    public String name() {
        return "bench.streams";
    }

    @Override
    public String why() {
        return "Measures how fast streams bring what another agent sends.";
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
        Meter meter = new Meter();
        Streams.run(
                dataPlane,
                asked.peer(),
                SourceService.NAME,
                new Order(asked.messages(), asked.size(), 0),
                asked.streams(),
                index -> message -> meter.arrived(),
                DEADLINE);
        return meter.throughput(asked.size());
    }
}
