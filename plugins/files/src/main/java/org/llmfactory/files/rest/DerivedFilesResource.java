package org.llmfactory.files.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog.Label;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.datasets.DatasetReader;
import org.llmfactory.datasets.Datasets;
import org.llmfactory.datasets.Datasets.Side;
import org.llmfactory.datasets.Row;
import org.llmfactory.datasets.RowStream;
import org.llmfactory.files.store.Entry;
import org.llmfactory.files.store.StoredFiles;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/**
 * Files made of files, each with its lineage; those they are made of stay as they are. A row that cannot be used ends the
 * work, and nothing is made. An extension: OpenAI has nothing of it.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class DerivedFilesResource {
    private static final int MAXIMUM_FILES = 100;

    private final StoredFiles files;

    DerivedFilesResource(StoredFiles files) {
        this.files = files;
    }

    /** What was made. */
    public record FileList(String object, List<FileObject> data) {}

    /** Two files: {@code {"fraction": 0.1, "seed": 0}}, the fraction going to the second. Equal rows go to the same. */
    @POST
    @Path("/{file}/split")
    @Requires(Action.CREATE_FILE)
    public FileList split(@Context SecurityContext security, @PathParam("file") String id, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        FileInfo source = source(security, id);
        OptionalDouble fraction = fields.number("fraction", 0, 1);
        if (fraction.isEmpty()) {
            throw fields.missing("fraction");
        }
        double share = fraction.getAsDouble();
        if (share <= 0 || share >= 1) {
            throw fields.invalid("fraction", "expected a number between 0 and 1");
        }
        long seed = fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0);
        List<Entry> made = new ArrayList<>();
        try {
            for (Side side : Side.values()) {
                String word = side.name().toLowerCase(Locale.ROOT);
                made.add(make(
                        security,
                        List.of(source),
                        name(source, word),
                        Map.of("operation", "split", "fraction", share, "seed", seed, "side", word),
                        rows -> Datasets.split(rows.get(0), share, seed, side)));
            }
        } catch (RuntimeException e) {
            made.forEach(
                    entry -> files.delete(entry.file().project(), entry.file().id(), Callers.actor(security)));
            throw e;
        }
        return new FileList("list", made.stream().map(FileObject::of).toList());
    }

    /** A file with each row once. */
    @POST
    @Path("/{file}/dedupe")
    @Requires(Action.CREATE_FILE)
    public FileObject dedupe(@Context SecurityContext security, @PathParam("file") String id) {
        FileInfo source = source(security, id);
        return FileObject.of(make(
                security,
                List.of(source),
                name(source, "distinct"),
                Map.of("operation", "dedupe"),
                rows -> Datasets.distinct(rows.get(0))));
    }

    /** One file of several: {@code {"file_ids": […], "filename": "merged.jsonl"}}. */
    @POST
    @Path("/merge")
    @Requires(Action.CREATE_FILE)
    public FileObject merge(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        List<String> ids = fields.strings("file_ids", MAXIMUM_FILES);
        if (ids.isEmpty()) {
            throw fields.missing("file_ids");
        }
        String name = Inputs.filename(fields.string("filename").orElse("merged.jsonl"));
        List<FileInfo> sources = ids.stream().map(id -> source(security, id)).toList();
        return FileObject.of(make(security, sources, name, Map.of("operation", "merge"), Datasets::merge));
    }

    private FileInfo source(SecurityContext security, String id) {
        return FilesResource.require(files, Callers.of(security), Action.READ_FILE, id)
                .file();
    }

    private Entry make(
            SecurityContext security,
            List<FileInfo> sources,
            String name,
            Map<String, Object> how,
            Function<List<DatasetReader>, Iterator<Row>> choice) {
        return Turns.take(() -> {
            List<DatasetReader> readers = new ArrayList<>();
            try {
                sources.forEach(source -> readers.add(DatasetReader.open(source.filename(), files.open(source, 0))));
                return keep(security, sources, name, how, new RowStream(choice.apply(readers)));
            } finally {
                readers.forEach(DatasetReader::close);
            }
        });
    }

    private Entry keep(
            SecurityContext security, List<FileInfo> sources, String name, Map<String, Object> how, RowStream content) {
        Caller caller = Callers.of(security);
        StoredFiles.Received received = files.receive(caller.project(), content);
        if (content.rows() == 0) {
            files.discard(received);
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "One of the files would have no rows.");
        }
        Map<String, Object> lineage = new LinkedHashMap<>(how);
        lineage.put("files", sources.stream().map(FileInfo::id).toList());
        lineage.put("rows", content.rows());
        Label label =
                new Label(caller.project(), caller.id(), name, sources.get(0).purpose());
        String json = new String(Json.write(lineage), StandardCharsets.UTF_8);
        return files.accept(
                received,
                label,
                new StoredFiles.Terms(Optional.empty(), Optional.of(json)),
                Callers.actor(security),
                (handle, file) -> {});
    }

    private static String name(FileInfo source, String word) {
        String name = source.filename();
        int dot = name.lastIndexOf('.');
        String base = dot > 0 ? name.substring(0, dot) : name;
        return Inputs.filename(base.substring(0, Math.min(base.length(), 200)) + '.' + word + ".jsonl");
    }
}
