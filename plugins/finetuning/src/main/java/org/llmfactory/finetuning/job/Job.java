package org.llmfactory.finetuning.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.FineTunedName;

/**
 * A job as it lies in the table. Times are milliseconds since 1970.
 *
 * @param paused whether it is not to be worked on
 * @param finished when it came to its end
 * @param attempts how often it failed in a way that may pass
 * @param epoch how often it was taken
 * @param holder who has it
 * @param facts what is known of it so far, see {@link Facts}
 */
public record Job(
        String id,
        String project,
        String owner,
        Status status,
        boolean paused,
        long created,
        @Nullable Long finished,
        int attempts,
        long epoch,
        @Nullable String holder,
        JobRequest request,
        ObjectNode facts) {
    public static final String PREFIX = "ftjob-";

    /** Prefix of the keys under which the object store holds what belongs to the job while it is worked on. */
    public String place() {
        return "projects/" + project + "/training/" + id;
    }

    /** Whether an adapter has come of it. */
    public boolean made(AdapterInfo adapter) {
        FineTunedName own = name();
        return adapter.project().equals(project)
                && adapter.owner().equals(owner)
                && FineTunedName.of(adapter)
                        .filter(name ->
                                name.id().equals(own.id()) && name.suffix().equals(own.suffix()))
                        .isPresent();
    }

    /** What its result is called. */
    public FineTunedName name() {
        return new FineTunedName(request.model(), request.suffix(), id.substring(PREFIX.length()), OptionalInt.empty());
    }
}
