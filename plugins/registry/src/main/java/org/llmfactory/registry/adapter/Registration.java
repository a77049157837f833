package org.llmfactory.registry.adapter;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Set;
import org.llmfactory.api.adapter.AdapterInfo;

/**
 * An {@link AdapterInfo} as it lies in the object store.
 *
 * @param createdMillis milliseconds since 1970
 */
@JsonNaming(SnakeCaseStrategy.class)
record Registration(
        String id,
        String name,
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
                digest,
                baseModel,
                baseDigest,
                rank,
                targetModules,
                bytes,
                Instant.ofEpochMilli(createdMillis));
    }
}
