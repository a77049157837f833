package org.llmfactory.dataplane.stream;

import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.dataplane.frame.Handshake;
import org.llmfactory.dataplane.testing.ScriptedService;
import org.llmfactory.dataplane.testing.TestAgents;

/** Asks for streams by the control plane alone. */
final class StreamAcceptorProbe {
    private final TestAgents agents;
    private final StreamListener listener;

    StreamAcceptorProbe(TestAgents agents, StreamListener listener) {
        this.agents = agents;
        this.listener = listener;
    }

    /** What an agent asks for a stream to the service {@code probe}. */
    static OpenArguments arguments(int seed) {
        byte[] stream = new byte[16];
        stream[0] = (byte) seed;
        byte[] random = new byte[Handshake.RANDOM];
        random[0] = (byte) seed;
        return new OpenArguments("probe", Lane.DATA, stream, random, 1 << 20, new byte[0]);
    }

    OpenResult openWithoutAnOpener(AgentAddress from, AgentAddress to) throws Exception {
        agents.agent(from);
        agents.agent(to).offer(ScriptedService.heardBy("probe", listener));
        return open(from, to, arguments(1));
    }

    OpenResult open(AgentAddress from, AgentAddress to, OpenArguments arguments) throws Exception {
        return agents.control
                .of(from)
                .call(to, OpenAction.NAME, arguments, OpenResult.class, TestAgents.DEADLINE)
                .get();
    }
}
