package org.llmfactory.registry.adapter;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;

/**
 * An {@link AdapterInfo} as it lies in the object store.
 *
 * @param project null in entries from before there were projects: these belong to the default project
 * @param owner null in the same entries: the platform's
 * @param visibility null in the same entries: the project's
 * @param createdMillis milliseconds since 1970
 */
@JsonNaming(SnakeCaseStrategy.class)
record Registration(
        String id,
        String name,
        @Nullable String project,
        @Nullable String owner,
        @Nullable Visibility visibility,
        String digest,
        String baseModel,
        String baseDigest,
        int rank,
        Set<String> targetModules,
        long bytes,
        long createdMillis) {
    static Registration of(AdapterInfo info) {
        return new Registration(
                info.id(),
                info.name(),
                info.project(),
                info.owner(),
                info.visibility(),
                info.digest(),
                info.baseModel(),
                info.baseDigest(),
                info.rank(),
                info.targetModules(),
                info.bytes(),
                info.created().toEpochMilli());
    }

    AdapterInfo toInfo() {
        return new AdapterInfo(
                id,
                name,
                Objects.requireNonNullElse(project, Caller.DEFAULT_PROJECT),
                Objects.requireNonNullElseGet(owner, Caller.platform()::id),
                Objects.requireNonNullElse(visibility, Visibility.PROJECT),
                digest,
                baseModel,
                baseDigest,
                rank,
                targetModules,
                bytes,
                Instant.ofEpochMilli(createdMillis));
    }
}
