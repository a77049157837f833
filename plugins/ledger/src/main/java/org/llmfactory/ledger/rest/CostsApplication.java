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
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What use costs, under {@code /v1/organization/costs}. */
@Component(service = Application.class, configurationPid = "org.llmfactory.ledger.costs")
@JaxrsApplicationBase("/v1/organization/costs")
@JaxrsName("costs")
@Designate(ocd = CostsApplication.Config.class)
public final class CostsApplication extends FactoryApplication {
    /** Prices. */
    @ObjectClassDefinition(name = "LLM Factory: costs")
    public @interface Config {
        @AttributeDefinition(description = "Currency of the prices, ISO 4217")
        String currency() default "usd";

        @AttributeDefinition(
                description = "Lines 'model=input,cached,output' per million tokens, with an optional fourth number per"
                        + " minute of audio; the model * for all others")
        String[] prices() default {};
    }

    @Activate
    public CostsApplication(@Reference LedgerStore store, @Reference Ledger ledger, Config config) {
        super(
                new FreshTables(ledger),
                new CostsResource(store.tables(), new Prices(config.currency(), config.prices()), Clock.systemUTC()));
    }
}
