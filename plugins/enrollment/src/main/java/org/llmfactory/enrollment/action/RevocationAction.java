package org.llmfactory.enrollment.action;

import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.enrollment.join.Members;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code revocation.report}: a region's controller tells what it has revoked. */
@Component(service = AgentAction.class)
public final class RevocationAction implements AgentAction<RevocationReport, RevocationReport.Noted> {
    private final Members members;

    @Activate
    public RevocationAction(@Reference Members members) {
        this.members = members;
    }

    @Override
    public String name() {
        return RevocationReport.ACTION;
    }

    @Override
    public String why() {
        return "Takes over what the caller's region has revoked, and tells all others.";
    }

    @Override
    public Class<RevocationReport> arguments() {
        return RevocationReport.class;
    }

    @Override
    public Class<RevocationReport.Noted> result() {
        return RevocationReport.Noted.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public RevocationReport.Noted perform(AgentAddress caller, RevocationReport arguments) {
        return new RevocationReport.Noted(members.revokedElsewhere(caller, arguments));
    }
}
