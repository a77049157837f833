package org.llmfactory.agent.deployment;

import org.llmfactory.agent.deploy.DeployOrder;
import org.llmfactory.agent.deploy.DeployOutcome;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@value DeployOrder#ACTION}: deploys a plugin. */
@Component(service = AgentAction.class)
public final class DeployAction implements AgentAction<DeployOrder, DeployOutcome> {
    private final Deployments deployments;

    @Activate
    public DeployAction(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public String name() {
        return DeployOrder.ACTION;
    }

    @Override
    public String why() {
        return "Deploys a plugin to the agent: fetches it, checks its signature, exchanges it without dropping a request, and puts the former one back when it is not well.";
    }

    @Override
    public Class<DeployOrder> arguments() {
        return DeployOrder.class;
    }

    @Override
    public Class<DeployOutcome> result() {
        return DeployOutcome.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public DeployOutcome perform(AgentAddress caller, DeployOrder order) throws InterruptedException {
        return deployments.deploy(caller, order);
    }
}
