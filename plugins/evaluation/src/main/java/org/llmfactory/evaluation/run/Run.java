package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.JsonFields;

/**
 * One measurement.
 *
 * @param id {@code evalrun_…}
 * @param evaluation by whose criteria
 * @param name for people
 * @param created milliseconds since 1970
 * @param finished milliseconds since 1970; null while it goes on
 * @param caller in whose name, see {@link org.llmfactory.evaluation.model.Principal}
 * @param request {@code data_source} and {@code metadata}, as they were sent but for rows
 * @param tally what has come of it so far
 * @param error why it failed; null unless it did
 */
public record Run(
        String id,
        String evaluation,
        String name,
        Status status,
        long created,
        @Nullable Long finished,
        JsonNode caller,
        ObjectNode request,
        Tally tally,
        @Nullable ObjectNode error) {
    public static final String PREFIX = "evalrun_";

    public Run {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(evaluation, "evaluation");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(tally, "tally");
    }

    /** Whose it is. */
    public String project() {
        return caller.path("project").asText();
    }

    /** Who ordered it. */
    public String owner() {
        return caller.path("id").asText();
    }

    /** Where its rows and answers lie in the object store. */
    public String prefix() {
        return prefix(project(), id);
    }

    static String prefix(String project, String id) {
        return "projects/" + project + "/evaluations/" + id;
    }

    /** Where rows lie that were given with the request. */
    static String rowsKey(String project, String id) {
        return prefix(project, id) + "/rows";
    }

    /** Where one of them lies. */
    public String key(int number) {
        return prefix() + "/" + number;
    }

    /** The rows and the answers, ready for use. */
    public DataSource source() {
        return DataSource.ofStored(JsonFields.of(request).object("data_source").orElseThrow());
    }
}
