package org.llmfactory.leadership.service;

import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.leadership.election.VoteAnswer;
import org.llmfactory.leadership.election.VoteRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Gives or refuses this controller's vote. */
@Component(service = AgentAction.class, enabled = false)
public final class VoteAction implements AgentAction<VoteRequest, VoteAnswer> {
    static final String NAME = "leadership.vote";

    private final Candidacy candidacy;

    @Activate
    public VoteAction(@Reference Candidacy candidacy) {
        this.candidacy = candidacy;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String why() {
        return "Asks a controller to vote for the caller as the leader of all controllers";
    }

    @Override
    public Class<VoteRequest> arguments() {
        return VoteRequest.class;
    }

    @Override
    public Class<VoteAnswer> result() {
        return VoteAnswer.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public VoteAnswer perform(AgentAddress caller, VoteRequest arguments) {
        return Electorate.admit(candidacy, caller).vote(caller, arguments);
    }
}
