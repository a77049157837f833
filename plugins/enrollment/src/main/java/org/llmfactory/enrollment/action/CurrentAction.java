package org.llmfactory.enrollment.action;

import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.agent.join.StateQuestion;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.enrollment.join.Issuing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code network.current}: where brokers and controllers are, and who is revoked. */
@Component(service = AgentAction.class)
public final class CurrentAction implements AgentAction<StateQuestion, NetworkState> {
    private final Issuing issuing;

    @Activate
    public CurrentAction(@Reference Issuing issuing) {
        this.issuing = issuing;
    }

    @Override
    public String name() {
        return NetworkState.CURRENT;
    }

    @Override
    public String why() {
        return "Tells how the network is, to an agent that may have missed something.";
    }

    @Override
    public Class<StateQuestion> arguments() {
        return StateQuestion.class;
    }

    @Override
    public Class<NetworkState> result() {
        return NetworkState.class;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public NetworkState perform(AgentAddress caller, StateQuestion arguments) {
        return issuing.state(caller);
    }
}
