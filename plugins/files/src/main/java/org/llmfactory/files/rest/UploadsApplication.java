package org.llmfactory.files.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.files.FilesService;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Uploads, under {@code /v1/uploads}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/uploads")
@JaxrsName("uploads")
public final class UploadsApplication extends FactoryApplication {
    @Activate
    public UploadsApplication(@Reference FilesService service) {
        super(new UploadsResource(service));
    }
}
