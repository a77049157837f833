package org.llmfactory.ledger.rest;

import java.util.Set;
import javax.ws.rs.core.Application;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.ledger.journal.LedgerStore;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The audit log, under {@code /v1/organization/audit_logs}. */
@Component(service = Application.class, configurationPid = "org.llmfactory.ledger.audit")
@JaxrsApplicationBase("/v1/organization/audit_logs")
@JaxrsName("audit-logs")
@Designate(ocd = AuditApplication.Config.class)
public final class AuditApplication extends FactoryApplication {
    /** What the check of the chain goes by. */
    @ObjectClassDefinition(name = "LLM Factory: audit log")
    public @interface Config {
        @AttributeDefinition(description = "Chains of agents that enter into the same database with another key")
        String[] peers() default {};
    }

    @Activate
    public AuditApplication(
            @Reference LedgerStore store, @Reference Ledger ledger, @Reference Names names, Config config) {
        super(
                new FreshTables(ledger),
                new AuditLogsResource(store.tables(), names),
                new AuditVerifyResource(store, Set.of(config.peers())),
                new AuditExportResource(store.tables(), ledger),
                new TranscriptResource(store, ledger));
    }
}
