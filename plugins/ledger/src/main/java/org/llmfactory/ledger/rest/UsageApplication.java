package org.llmfactory.ledger.rest;

import java.time.Clock;
import javax.ws.rs.core.Application;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.ledger.journal.LedgerStore;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Use, under {@code /v1/organization/usage}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/organization/usage")
@JaxrsName("usage")
public final class UsageApplication extends FactoryApplication {
    @Activate
    public UsageApplication(@Reference LedgerStore store, @Reference Ledger ledger) {
        super(new FreshTables(ledger), new UsageResource(store.tables(), Clock.systemUTC()));
    }
}
