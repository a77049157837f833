package org.llmfactory.evaluation.mixture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.evaluation.run.Status;
import org.llmfactory.rest.JsonFields;

/**
 * One search.
 *
 * @param id {@code mixsearch_…}
 * @param project whose it is
 * @param owner the principal who ordered it
 * @param created milliseconds since 1970
 * @param finished milliseconds since 1970; null while it goes on
 * @param preset id of the one that was saved; null for none
 * @param caller in whose name, see {@link org.llmfactory.evaluation.model.Principal}
 * @param written the request as it was sent
 * @param report how the best weights did on the test files; null until they have
 * @param error why it failed; null unless it did
 */
public record MixtureSearch(
        String id,
        String project,
        String owner,
        Status status,
        long created,
        @Nullable Long finished,
        @Nullable String preset,
        JsonNode caller,
        ObjectNode written,
        @Nullable ObjectNode report,
        @Nullable ObjectNode error) {
    public static final String PREFIX = "mixsearch_";

    public MixtureSearch {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(written, "written");
    }

    /** The request, ready for use. */
    public MixtureRequest request() {
        return MixtureRequest.read(JsonFields.of(written));
    }
}
