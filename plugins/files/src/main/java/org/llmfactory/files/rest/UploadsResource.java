package org.llmfactory.files.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog.Label;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.files.FilesService;
import org.llmfactory.files.store.Entry;
import org.llmfactory.files.store.Upload;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** Files that come in parts, as OpenAI has them. An upload is his who began it. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class UploadsResource {
    private static final int MAXIMUM_PARTS = 100_000;

    private final FilesService service;

    UploadsResource(FilesService service) {
        this.service = service;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_FILE)
    public UploadObject create(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        Caller caller = Callers.of(security);
        String name = Inputs.filename(fields.requiredString("filename"));
        String purpose = Inputs.purpose(fields.requiredString("purpose"));
        fields.requiredString("mime_type");
        long bytes = fields.longInteger("bytes", 1, Long.MAX_VALUE).orElseThrow(() -> fields.missing("bytes"));
        Label label = new Label(caller.project(), caller.id(), name, purpose);
        Upload upload = service.uploads().create(label, bytes, Inputs.lifetime(fields), Callers.actor(security));
        return UploadObject.of(upload, upload.status(), null);
    }

    /** Takes the part {@code data}; in any order, and several at once. */
    @POST
    @Path("/{upload}/parts")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Requires(Action.CREATE_FILE)
    public UploadObject.PartObject addPart(
            @Context SecurityContext security,
            @Context HttpHeaders headers,
            @PathParam("upload") String id,
            InputStream body) {
        Upload upload = require(Callers.of(security), id);
        Form<Upload.Part> form = Form.read(
                headers.getHeaderString(HttpHeaders.CONTENT_TYPE),
                body,
                "data",
                content -> service.uploads().addPart(upload, content),
                part -> {});
        return UploadObject.PartObject.of(form.content());
    }

    /** Makes the file: {@code {"part_ids": […], "md5": "…"}}. */
    @POST
    @Path("/{upload}/complete")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_FILE)
    public UploadObject complete(@Context SecurityContext security, @PathParam("upload") String id, ObjectNode body) {
        Upload upload = require(Callers.of(security), id);
        JsonFields fields = JsonFields.of(body);
        List<String> parts = fields.strings("part_ids", MAXIMUM_PARTS);
        if (parts.isEmpty()) {
            throw fields.missing("part_ids");
        }
        Label label = new Label(upload.project(), upload.owner(), upload.filename(), upload.purpose());
        Entry file = service.uploads()
                .complete(
                        upload,
                        parts,
                        fields.string("md5"),
                        received -> ContentCheck.check(service.files(), received, label),
                        Callers.actor(security));
        return UploadObject.of(upload, Upload.Status.COMPLETED, file);
    }

    /** Gives it up; what has come is dropped. */
    @POST
    @Path("/{upload}/cancel")
    @Requires(Action.CREATE_FILE)
    public UploadObject cancel(@Context SecurityContext security, @PathParam("upload") String id) {
        Upload upload = require(Callers.of(security), id);
        service.uploads().cancel(upload, Callers.actor(security));
        return UploadObject.of(upload, Upload.Status.CANCELLED, null);
    }

    private Upload require(Caller caller, String id) {
        return service.uploads()
                .find(caller.project(), id)
                .filter(upload -> upload.owner().equals(caller.id()))
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND, "No upload '" + id + "', or you do not have access to it."));
    }
}
