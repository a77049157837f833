package org.llmfactory.projects.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.projects.rest.preset.PresetResource;
import org.llmfactory.projects.rest.preset.PresetsResource;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The presets, under {@code /v1/presets}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/presets")
@JaxrsName("presets")
public final class PresetsApplication extends FactoryApplication {
    @Activate
    public PresetsApplication(@Reference Administration administration) {
        super(new PresetsResource(administration), new PresetResource(administration));
    }
}
