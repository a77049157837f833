package org.llmfactory.leadership.service;

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

/** Enters in the ledger, where there is one, who leads from when on and whom an administrator took out. */
@Component(service = LeadershipAudit.class)
public final class LeadershipAudit {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Ledger ledger;

    /** To be called inside the transaction that claims the epoch. */
    void gained(AgentAddress leader, long epoch) {
        record(AuditEvent.of("leadership.gained", Actor.system(), Optional.empty(), leader.toString())
                .with(Map.of("epoch", epoch)));
    }

    /** To be called inside the transaction that takes the controller out. */
    public void retired(Actor actor, AgentAddress controller) {
        record(AuditEvent.of("controller.retired", actor, Optional.empty(), controller.toString()));
    }

    private void record(AuditEvent event) {
        Ledger present = ledger;
        if (present != null) {
            present.record(event);
        }
    }
}
