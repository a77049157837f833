package org.llmfactory.files.rest;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.file.FileCatalog.Label;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.files.store.Entry;
import org.llmfactory.files.store.StoredFiles;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** Files of the caller's project, as OpenAI has them. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class FilesResource {
    private static final int MAXIMUM_LIMIT = 10_000;

    private final StoredFiles files;

    FilesResource(StoredFiles files) {
        this.files = files;
    }

    /** What was removed. */
    public record Removed(String id, String object, boolean deleted) {}

    @GET
    @Requires(Action.READ_FILE)
    public Pagination.Page<FileObject> list(
            @Context SecurityContext security,
            @QueryParam("purpose") @Nullable String purpose,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("order") @Nullable String order,
            @QueryParam("after") @Nullable String after) {
        Pagination.Query query = Pagination.Query.of(limit, MAXIMUM_LIMIT, MAXIMUM_LIMIT, after, null, order, true);
        Caller caller = Callers.of(security);
        List<FileObject> found =
                files.list(caller.project(), purpose, after, query.descending(), query.limit() + 1).stream()
                        .map(FileObject::of)
                        .toList();
        List<FileObject> page = found.subList(0, Math.min(query.limit(), found.size()));
        return new Pagination.Page<>(
                "list",
                page,
                page.isEmpty() ? null : page.get(0).id(),
                page.isEmpty() ? null : page.get(page.size() - 1).id(),
                found.size() > page.size());
    }

    /** Takes a file: the parts {@code file}, {@code purpose} and {@code expires_after[…]}, in any order. */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Requires(Action.CREATE_FILE)
    public FileObject create(@Context SecurityContext security, @Context HttpHeaders headers, InputStream body) {
        Caller caller = Callers.of(security);
        Form<StoredFiles.Received> form = Form.read(
                headers.getHeaderString(HttpHeaders.CONTENT_TYPE),
                body,
                "file",
                content -> files.receive(caller.project(), content),
                files::discard);
        Label label;
        StoredFiles.Terms terms;
        try {
            String name = Inputs.filename(form.filename().orElse("file"));
            label = new Label(
                    caller.project(),
                    caller.id(),
                    name,
                    Inputs.purpose(form.texts().get("purpose")));
            terms = new StoredFiles.Terms(Inputs.lifetime(form.texts()), Optional.empty());
            ContentCheck.check(files, form.content(), label);
        } catch (RuntimeException e) {
            files.discard(form.content());
            throw e;
        }
        return FileObject.of(files.accept(form.content(), label, terms, Callers.actor(security), (handle, file) -> {}));
    }

    @GET
    @Path("/{file}")
    @Requires(Action.READ_FILE)
    public FileObject get(@Context SecurityContext security, @PathParam("file") String id) {
        return FileObject.of(require(files, Callers.of(security), Action.READ_FILE, id));
    }

    @DELETE
    @Path("/{file}")
    @Requires(Action.DELETE_FILE)
    public Removed delete(@Context SecurityContext security, @PathParam("file") String id) {
        FileInfo file =
                require(files, Callers.of(security), Action.DELETE_FILE, id).file();
        if (!files.delete(file.project(), id, Callers.actor(security))) {
            throw Resource.unknown(Resource.Kind.FILE, id);
        }
        return new Removed(id, "file", true);
    }

    /** The content; one range of it with the header {@code Range}. */
    @GET
    @Path("/{file}/content")
    @Produces(MediaType.WILDCARD)
    @Requires(Action.READ_FILE)
    public Response content(
            @Context SecurityContext security, @Context HttpHeaders headers, @PathParam("file") String id) {
        FileInfo file =
                require(files, Callers.of(security), Action.READ_FILE, id).file();
        files.recordRead(file, Callers.actor(security), "content");
        return Contents.answer(files, file, headers.getHeaderString("Range"));
    }

    /** A file that the caller may do that to, in the project that his request is about. */
    static Entry require(StoredFiles files, Caller caller, Action action, String id) {
        Entry entry = files.entry(caller.project(), id).orElseThrow(() -> Resource.unknown(Resource.Kind.FILE, id));
        AccessPolicy.check(caller, action, Resource.of(entry.file()));
        return entry;
    }
}
