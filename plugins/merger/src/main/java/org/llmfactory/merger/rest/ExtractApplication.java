package org.llmfactory.merger.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.merger.work.AdapterMaker;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Extraction of adapters, under {@code /v1/adapters/extract}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/adapters/extract")
@JaxrsName("merger-extract")
public final class ExtractApplication extends FactoryApplication {
    @Activate
    public ExtractApplication(@Reference AdapterMaker maker, @Reference Sources sources, @Reference Ledger ledger) {
        super(new ExtractResource(maker, sources, ledger));
    }
}
