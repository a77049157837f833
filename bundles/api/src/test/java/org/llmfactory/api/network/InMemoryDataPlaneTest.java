package org.llmfactory.api.network;

import org.junit.jupiter.api.AfterEach;
import org.llmfactory.api.network.testing.DataPlaneContract;
import org.llmfactory.api.network.testing.InMemoryDataPlane;

class InMemoryDataPlaneTest extends DataPlaneContract {
    private final InMemoryDataPlane network = new InMemoryDataPlane();

    @AfterEach
    void stop() {
        network.close();
    }

    @Override
    protected DataPlane plane(AgentAddress agent) {
        return network.of(agent);
    }

    @Override
    protected void offer(AgentAddress agent, StreamService service) {
        network.offer(agent, service);
    }
}
