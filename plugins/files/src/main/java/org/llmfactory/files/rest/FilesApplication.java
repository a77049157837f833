package org.llmfactory.files.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.files.FilesService;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Files and the data sets in them, under {@code /v1/files}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/files")
@JaxrsName("files")
public final class FilesApplication extends FactoryApplication {
    @Activate
    public FilesApplication(@Reference FilesService service, @Reference Tokenizers tokenizers) {
        super(
                new FilesResource(service.files()),
                new DatasetsResource(service.files(), tokenizers),
                new DerivedFilesResource(service.files()));
    }
}
