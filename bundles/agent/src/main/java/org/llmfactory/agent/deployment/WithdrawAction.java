package org.llmfactory.agent.deployment;

import org.llmfactory.agent.deploy.WithdrawOrder;
import org.llmfactory.agent.deploy.WithdrawOutcome;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@value WithdrawOrder#ACTION}: removes a deployed plugin. */
@Component(service = AgentAction.class)
public final class WithdrawAction implements AgentAction<WithdrawOrder, WithdrawOutcome> {
    private final Deployments deployments;

    @Activate
    public WithdrawAction(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public String name() {
        return WithdrawOrder.ACTION;
    }

    @Override
    public String why() {
        return "Removes a plugin that was deployed to the agent, in the name of a deployment.";
    }

    @Override
    public Class<WithdrawOrder> arguments() {
        return WithdrawOrder.class;
    }

    @Override
    public Class<WithdrawOutcome> result() {
        return WithdrawOutcome.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public WithdrawOutcome perform(AgentAddress caller, WithdrawOrder order) {
        return deployments.withdraw(caller, order);
    }
}
