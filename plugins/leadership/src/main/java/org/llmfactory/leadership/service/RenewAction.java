package org.llmfactory.leadership.service;

import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.leadership.election.RenewAnswer;
import org.llmfactory.leadership.election.RenewRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Confirms the leader. */
@Component(service = AgentAction.class, enabled = false)
public final class RenewAction implements AgentAction<RenewRequest, RenewAnswer> {
    static final String NAME = "leadership.renew";

    private final Candidacy candidacy;

    @Activate
    public RenewAction(@Reference Candidacy candidacy) {
        this.candidacy = candidacy;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String why() {
        return "Asks a controller to go on following the caller, who leads";
    }

    @Override
    public Class<RenewRequest> arguments() {
        return RenewRequest.class;
    }

    @Override
    public Class<RenewAnswer> result() {
        return RenewAnswer.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public RenewAnswer perform(AgentAddress caller, RenewRequest arguments) {
        return Electorate.admit(candidacy, caller).renew(caller, arguments);
    }
}
