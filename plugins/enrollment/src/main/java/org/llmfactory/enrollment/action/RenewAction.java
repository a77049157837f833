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

/** {@code certificate.renew}: an agent gets its next certificate. */
@Component(service = AgentAction.class)
public final class RenewAction implements AgentAction<SigningOrder, Certified> {
    private final Issuing issuing;

    @Activate
    public RenewAction(@Reference Issuing issuing) {
        this.issuing = issuing;
    }

    @Override
    public String name() {
        return SigningOrder.RENEW;
    }

    @Override
    public String why() {
        return "Renews the caller's own certificate.";
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
        return Callers.NETWORK;
    }

    @Override
    public Certified perform(AgentAddress caller, SigningOrder arguments) {
        return issuing.renew(caller, arguments);
    }
}
