package org.llmfactory.agent.network;

import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code network.update}: this agent's controllers tell of brokers, controllers and revocations. */
@Component(service = AgentAction.class)
public final class UpdateAction implements AgentAction<NetworkState, UpdateAction.Taken> {
    /**
     * That it was taken over.
     *
     * @param taken always true
     */
    public record Taken(
            @Meaning("true: the agent knows it, and keeps it")
            boolean taken) {}

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
    public Class<Taken> result() {
        return Taken.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Taken perform(AgentAddress caller, NetworkState state) {
        news.accept(caller, state);
        return new Taken(true);
    }
}
