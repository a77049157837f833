package org.llmfactory.dataplane.tunnel;

import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.rest.Callers;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enters in the ledger who opens and closes tunnels, where this agent has one, and in the agent's log. */
@Component(service = TunnelAudit.class)
public final class TunnelAudit {
    private static final Logger log = LoggerFactory.getLogger(TunnelAudit.class);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Ledger ledger;

    void opened(SecurityContext security, Tunnel tunnel) {
        record(security, "tunnel.opened", tunnel);
    }

    void closed(SecurityContext security, Tunnel tunnel) {
        record(security, "tunnel.closed", tunnel);
    }

    private void record(SecurityContext security, String type, Tunnel tunnel) {
        String agent = tunnel.agent().toString();
        String target = tunnel.target().toString();
        log.info(
                "{} {} to {} of {} by {}",
                type,
                tunnel.id(),
                target,
                agent,
                Callers.of(security).id());
        Ledger present = ledger;
        if (present != null) {
            present.record(AuditEvent.of(type, Callers.actor(security), Optional.empty(), tunnel.id())
                    .with(Map.of("agent", agent, "target", target, "port", tunnel.port())));
        }
    }
}
