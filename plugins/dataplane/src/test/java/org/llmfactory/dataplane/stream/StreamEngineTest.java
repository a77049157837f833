package org.llmfactory.dataplane.stream;

import org.junit.jupiter.api.AfterEach;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.api.network.testing.DataPlaneContract;
import org.llmfactory.dataplane.testing.TestAgents;

class StreamEngineTest extends DataPlaneContract {
    private final TestAgents agents = new TestAgents();

    @AfterEach
    void stop() {
        agents.close();
    }

    @Override
    protected DataPlane plane(AgentAddress agent) {
        return agents.agent(agent).plane();
    }

    @Override
    protected void offer(AgentAddress agent, StreamService service) {
        agents.agent(agent).offer(service);
    }
}
