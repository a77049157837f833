package org.llmfactory.fleet.rest;

import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.rest.Callers;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells who asks which agent for what, before it is asked. The arguments may hold anything and are not told. */
@Component(service = ActionAudit.class)
public final class ActionAudit {
    private static final Logger log = LoggerFactory.getLogger(ActionAudit.class);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Ledger ledger;

    void calling(SecurityContext security, AgentAddress agent, String action) {
        log.info("{} asked of {} by {}", action, agent, Callers.of(security).id());
        Ledger present = ledger;
        if (present != null) {
            present.record(
                    AuditEvent.of("agent.action.called", Callers.actor(security), Optional.empty(), agent.toString())
                            .with(Map.of("action", action)));
        }
    }
}
