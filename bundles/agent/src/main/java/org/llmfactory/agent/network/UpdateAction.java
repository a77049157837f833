package org.llmfactory.agent.network;

import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code network.update}: this agent's controllers tell of brokers, controllers and revocations. */
@Component(service = AgentAction.class)
public final class UpdateAction implements AgentAction<NetworkState, NetworkState.Taken> {
    private final NetworkNews news;

    @Activate
    public UpdateAction(@Reference NetworkIdentity identity, @Reference IdentityKeeper keeper) {
        this.news = new NetworkNews(identity, keeper);
    }

    @Override
    public String name() {
        return NetworkState.UPDATE;
    }

    @Override
    public String why() {
        return "Tells the agent where brokers and controllers are and which certificates are revoked.";
    }

    @Override
    public Class<NetworkState> arguments() {
        return NetworkState.class;
    }

    @Override
    public Class<NetworkState.Taken> result() {
        return NetworkState.Taken.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public NetworkState.Taken perform(AgentAddress caller, NetworkState state) {
        news.accept(caller, state);
        return new NetworkState.Taken(true);
    }
}
