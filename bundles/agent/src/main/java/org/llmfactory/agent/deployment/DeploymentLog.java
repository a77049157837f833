package org.llmfactory.agent.deployment;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.network.AgentAddress;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what controllers do to this agent's plugins, before it is done: in the log and, where there is one, the ledger. */
@Component(service = DeploymentLog.class)
public final class DeploymentLog {
    private static final Logger LOG = LoggerFactory.getLogger(DeploymentLog.class);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Ledger ledger;

    void enter(String type, AgentAddress caller, String symbolicName, Map<String, Object> details) {
        LOG.info("{} {} {} by {}", type, symbolicName, details, caller);
        Ledger present = ledger;
        if (present != null) {
            Actor controller = new Actor(Actor.Kind.SYSTEM, caller.toString(), Optional.empty(), "");
            present.record(AuditEvent.of(type, controller, Optional.empty(), symbolicName)
                    .with(details));
        }
    }
}
