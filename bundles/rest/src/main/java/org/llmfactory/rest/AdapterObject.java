package org.llmfactory.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Locale;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Visibility;

/**
 * An adapter on the wire.
 *
 * @param visibility {@code private}, {@code project} or {@code public}
 * @param createdAt seconds since 1970
 */
@JsonNaming(SnakeCaseStrategy.class)
public record AdapterObject(
        String id,
        String object,
        String name,
        String project,
        String owner,
        String visibility,
        String baseModel,
        String digest,
        int rank,
        List<String> targetModules,
        long bytes,
        long createdAt) {
    /** Describes an adapter. */
    public static AdapterObject of(AdapterInfo info) {
        return new AdapterObject(
                info.id(),
                "adapter",
                info.name(),
                info.project(),
                info.owner(),
                info.visibility().name().toLowerCase(Locale.ROOT),
                info.baseModel(),
                info.digest(),
                info.rank(),
                info.targetModules().stream().sorted().toList(),
                info.bytes(),
                info.created().getEpochSecond());
    }

    /**
     * Reads a visibility.
     *
     * @throws FactoryException {@code INVALID_VALUE} for another word
     */
    public static Visibility visibility(String word) {
        return switch (word) {
            case "private" -> Visibility.PRIVATE;
            case "project" -> Visibility.PROJECT;
            case "public" -> Visibility.PUBLIC;
            default -> throw JsonFields.invalidAt("visibility", "expected 'private', 'project' or 'public'");
        };
    }
}
