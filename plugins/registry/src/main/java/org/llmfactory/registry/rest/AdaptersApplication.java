package org.llmfactory.registry.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.project.Projects;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The adapters, under {@code /v1/adapters}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/adapters")
@JaxrsName("registry")
public final class AdaptersApplication extends FactoryApplication {
    @Activate
    public AdaptersApplication(
            @Reference AdapterRegistry adapters,
            @Reference Projects projects,
            @Reference Ledger ledger,
            @Reference Card card) {
        super(
                new AdaptersResource(adapters, new VisibleAdapters(adapters, projects), ledger),
                new CardResource(new VisibleAdapters(adapters, projects), card));
    }
}
