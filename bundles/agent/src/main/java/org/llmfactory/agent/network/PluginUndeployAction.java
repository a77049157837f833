package org.llmfactory.agent.network;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code plugin.undeploy}: removes a plugin that was deployed to this agent. */
@Component(service = AgentAction.class)
public final class PluginUndeployAction
        implements AgentAction<PluginUndeployAction.Order, PluginUndeployAction.Outcome> {
    private static final Logger LOG = LoggerFactory.getLogger(PluginUndeployAction.class);

    /**
     * Which.
     *
     * @param symbolicName the plugin's
     */
    public record Order(
            @Meaning("symbolic name of the plugin") String symbolicName) {}

    /**
     * What came of it.
     *
     * @param removed false when there was none
     */
    public record Outcome(
            @Meaning("false when there was no such plugin any more")
            boolean removed) {}

    private final PluginManager plugins;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Ledger ledger;

    @Activate
    public PluginUndeployAction(@Reference PluginManager plugins) {
        this.plugins = plugins;
    }

    @Override
    public String name() {
        return "plugin.undeploy";
    }

    @Override
    public String why() {
        return "Finishes the work of a plugin that was deployed to the agent, and removes it.";
    }

    @Override
    public Class<Order> arguments() {
        return Order.class;
    }

    @Override
    public Class<Outcome> result() {
        return Outcome.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Outcome perform(AgentAddress caller, Order order) {
        LOG.info("plugin.undeployed {} by {}", order.symbolicName(), caller);
        Ledger present = ledger;
        if (present != null) {
            present.record(AuditEvent.of(
                            "plugin.undeployed",
                            new Actor(Actor.Kind.SYSTEM, caller.toString(), Optional.empty(), ""),
                            Optional.empty(),
                            order.symbolicName())
                    .with(Map.of()));
        }
        try {
            plugins.undeploy(order.symbolicName());
            return new Outcome(true);
        } catch (FactoryException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return new Outcome(false);
            }
            throw e;
        }
    }
}
