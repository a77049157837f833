package org.llmfactory.enrollment.action;

import org.llmfactory.agent.join.Certified;
import org.llmfactory.agent.join.SigningOrder;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.enrollment.join.Issuing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code authority.certify}: a controller that has joined gets an authority for its region. */
@Component(service = AgentAction.class)
public final class CertifyAction implements AgentAction<SigningOrder, Certified> {
    private final Issuing issuing;

    @Activate
    public CertifyAction(@Reference Issuing issuing) {
        this.issuing = issuing;
    }

    @Override
    public String name() {
        return SigningOrder.CERTIFY;
    }

    @Override
    public String why() {
        return "Makes the caller the authority of its own region.";
    }

    @Override
    public Class<SigningOrder> arguments() {
        return SigningOrder.class;
    }

    @Override
    public Class<Certified> result() {
        return Certified.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Certified perform(AgentAddress caller, SigningOrder arguments) {
        return issuing.certify(caller, arguments);
    }
}
