package org.llmfactory.finetuning.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.Json;

/**
 * Something that a job's people are told.
 *
 * @param step whose figures {@code data} has; null for a message
 */
public record Event(String level, String message, @Nullable Integer step, ObjectNode data) {
    /** A message. */
    public static Event info(String message) {
        return new Event("info", message, null, Json.MAPPER.createObjectNode());
    }

    public static Event warn(String message) {
        return new Event("warn", message, null, Json.MAPPER.createObjectNode());
    }

    public static Event error(String message) {
        return new Event("error", message, null, Json.MAPPER.createObjectNode());
    }

    /** The figures of a step. */
    public static Event metrics(int step, String message, ObjectNode data) {
        return new Event("info", message, step, data);
    }

    /** An event in its place. */
    public record Entered(String id, long created, Event event) {}
}
