package org.llmfactory.files.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.datasets.DatasetReader;
import org.llmfactory.datasets.DatasetReport;
import org.llmfactory.datasets.Datasets;
import org.llmfactory.datasets.Limits;
import org.llmfactory.datasets.Row;
import org.llmfactory.files.store.StoredFiles;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** What is in files of training data. An extension: OpenAI has nothing of it. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class DatasetsResource {
    private static final int LIMIT = 20;
    private static final int MAXIMUM_LIMIT = 100;

    private final StoredFiles files;
    private final Tokenizers tokenizers;

    DatasetsResource(StoredFiles files, Tokenizers tokenizers) {
        this.files = files;
        this.tokenizers = tokenizers;
    }

    /** A row, or why there is none. */
    @JsonInclude(Include.NON_NULL)
    public record RowObject(
            int line,
            @Nullable Map<String, Object> row,
            @Nullable String problem) {}

    /** Some rows. */
    public record RowList(
            String object,
            String format,
            List<RowObject> data,
            @JsonProperty("has_more") boolean hasMore) {}

    /** The whole file in figures; with {@code model}, in that model's tokens too. */
    @GET
    @Path("/{file}/report")
    @Requires(Action.READ_FILE)
    public DatasetReport report(
            @Context SecurityContext security,
            @PathParam("file") String id,
            @QueryParam("model") @Nullable String model) {
        Caller caller = Callers.of(security);
        FileInfo file =
                FilesResource.require(files, caller, Action.READ_FILE, id).file();
        Optional<ToIntFunction<String>> counter = Optional.ofNullable(model).map(name -> tokenizers.of(caller, name));
        return Turns.take(() -> DatasetReport.of(file.filename(), files.open(file, 0), counter));
    }

    /** Rows that begin behind the line {@code after}. */
    @GET
    @Path("/{file}/rows")
    @Requires(Action.READ_FILE)
    public RowList rows(
            @Context SecurityContext security,
            @PathParam("file") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        FileInfo file = FilesResource.require(files, Callers.of(security), Action.READ_FILE, id)
                .file();
        int line = line(after);
        int count = Pagination.Query.of(limit, LIMIT, MAXIMUM_LIMIT, null, null, null, false)
                .limit();
        files.recordRead(file, Callers.actor(security), "rows");
        return Turns.take(() -> rows(file, line, count));
    }

    private RowList rows(FileInfo file, int after, int limit) {
        List<RowObject> found = new ArrayList<>();
        try (DatasetReader reader =
                DatasetReader.open(file.filename(), files.open(file, 0), Limits.DEFAULT, problem -> {
                    if (problem.line() > after && found.size() <= limit) {
                        found.add(new RowObject(problem.line(), null, problem.message()));
                    }
                })) {
            while (found.size() <= limit && reader.hasNext()) {
                Row row = reader.next();
                if (row.line() > after && found.size() <= limit) {
                    found.add(new RowObject(row.line(), row.json(), null));
                }
            }
            List<RowObject> page = List.copyOf(found.subList(0, Math.min(limit, found.size())));
            return new RowList("list", reader.format().label(), page, found.size() > limit);
        }
    }

    /** Rows that the file {@code with} has and this one has not, and the other way round. */
    @GET
    @Path("/{file}/diff")
    @Requires(Action.READ_FILE)
    public Datasets.Difference difference(
            @Context SecurityContext security,
            @PathParam("file") String id,
            @QueryParam("with") @Nullable String with) {
        if (with == null || with.isEmpty()) {
            throw JsonFields.invalidAt("with", "expected the id of a file");
        }
        Caller caller = Callers.of(security);
        FileInfo before =
                FilesResource.require(files, caller, Action.READ_FILE, id).file();
        FileInfo after =
                FilesResource.require(files, caller, Action.READ_FILE, with).file();
        return Turns.take(() -> {
            try (DatasetReader old = DatasetReader.open(before.filename(), files.open(before, 0));
                    DatasetReader young = DatasetReader.open(after.filename(), files.open(after, 0))) {
                return Datasets.difference(old, young);
            }
        });
    }

    private static int line(@Nullable String after) {
        try {
            return after == null || after.isEmpty() ? 0 : Integer.parseInt(after);
        } catch (NumberFormatException e) {
            throw JsonFields.invalidAt("after", "expected a line");
        }
    }
}
