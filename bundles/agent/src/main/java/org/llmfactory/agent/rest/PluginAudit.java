package org.llmfactory.agent.rest;

import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.PluginSigner;
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

/**
 * Tells what is done to plugins, and who is trusted to make them: to the ledger before it is done, and to the agent's log. The ledger is a plugin itself,
 * and not on every agent, so that its absence must not stop one from being deployed.
 */
@Component(service = PluginAudit.class)
public final class PluginAudit {
    private static final Logger log = LoggerFactory.getLogger(PluginAudit.class);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Ledger ledger;

    void deploying(SecurityContext security, String sha256) {
        record(security, "plugin.deployed", sha256, Map.of("sha256", sha256));
    }

    void undeploying(SecurityContext security, String symbolicName) {
        record(security, "plugin.undeployed", symbolicName, Map.of());
    }

    void trusting(SecurityContext security, PluginSigner signer) {
        record(security, "plugin_signer.trusted", signer.fingerprint(), Map.of("name", signer.name()));
    }

    void distrusting(SecurityContext security, String fingerprint) {
        record(security, "plugin_signer.distrusted", fingerprint, Map.of());
    }

    private void record(SecurityContext security, String type, String resource, Map<String, Object> details) {
        log.info("{} {} by {}", type, resource, Callers.of(security).id());
        Ledger present = ledger;
        if (present != null) {
            present.record(AuditEvent.of(type, Callers.actor(security), Optional.empty(), resource)
                    .with(details));
        }
    }
}
