package org.llmfactory.api.project;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.identity.Visibility;

/**
 * A named configuration that can be called like a model. A version never changes; a change makes the next version.
 *
 * @param id {@code preset_…}, the same for all versions
 * @param project whose it is
 * @param owner the principal who made it
 * @param visibility who may use it
 * @param name lower-case letters, digits, {@code . _ -}, at most 64; unique in the project
 * @param version from 1
 * @param base id of the base model
 * @param adapters the mix, possibly empty
 * @param system the system prompt put in front of every conversation
 * @param parameters fields of a chat request and their values, used where the request leaves them out: {@code
 *     temperature}, {@code top_p}, {@code max_tokens}, {@code seed}, {@code stop}, {@code frequency_penalty}, {@code
 *     presence_penalty}; values as JSON has them
 * @param created when this version was made
 */
public record Preset(
        String id,
        String project,
        String owner,
        Visibility visibility,
        String name,
        int version,
        String base,
        List<Part> adapters,
        Optional<String> system,
        Map<String, Object> parameters,
        Instant created) {
    /**
     * One adapter of the mix.
     *
     * @param adapter its id, or name in the project
     * @param weight any finite number
     */
    public record Part(String adapter, float weight) {
        public Part {
            Objects.requireNonNull(adapter, "adapter");
        }
    }

    public Preset {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(visibility, "visibility");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(base, "base");
        adapters = List.copyOf(adapters);
        Objects.requireNonNull(system, "system");
        parameters = Map.copyOf(parameters);
        Objects.requireNonNull(created, "created");
    }
}
