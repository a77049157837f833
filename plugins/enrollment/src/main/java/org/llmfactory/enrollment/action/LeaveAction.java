package org.llmfactory.enrollment.action;

import org.llmfactory.agent.join.Departure;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.enrollment.join.Members;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code network.leave}: an agent says goodbye. */
@Component(service = AgentAction.class)
public final class LeaveAction implements AgentAction<Departure, Departure.Noted> {
    private final Members members;

    @Activate
    public LeaveAction(@Reference Members members) {
        this.members = members;
    }

    @Override
    public String name() {
        return Departure.ACTION;
    }

    @Override
    public String why() {
        return "Takes the caller out of the network.";
    }

    @Override
    public Class<Departure> arguments() {
        return Departure.class;
    }

    @Override
    public Class<Departure.Noted> result() {
        return Departure.Noted.class;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public Departure.Noted perform(AgentAddress caller, Departure arguments) {
        members.leave(caller);
        return new Departure.Noted(true);
    }
}
