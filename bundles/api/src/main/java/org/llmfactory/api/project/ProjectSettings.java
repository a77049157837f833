package org.llmfactory.api.project;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What has been decided for a project.
 *
 * @param project its id
 * @param models which base models it may use
 * @param publicAdapters whether adapters and presets published to all are there for it
 * @param hiddenAdapters ids of published adapters that it has opted out of
 * @param rateLimits limits by base model; the entry {@code *} holds for models without one of their own
 * @param maxConcurrent requests at work at once; empty for the platform's default
 * @param budget tokens it may spend; empty for no bound
 * @param contentPolicy name of the policy its input and output go through; empty for none
 * @param storePrompts whether the audit log keeps the text of prompts and answers
 * @param chatRetention how long stored chats are kept; empty for as long as nobody deletes them
 */
public record ProjectSettings(
        String project,
        ModelPermissions models,
        boolean publicAdapters,
        Set<String> hiddenAdapters,
        Map<String, RateLimit> rateLimits,
        OptionalInt maxConcurrent,
        Optional<Budget> budget,
        Optional<String> contentPolicy,
        boolean storePrompts,
        Optional<Duration> chatRetention) {
    /** The key in {@link #rateLimits()} for all models without a limit of their own. */
    public static final String ANY_MODEL = "*";

    public ProjectSettings {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(models, "models");
        hiddenAdapters = Set.copyOf(hiddenAdapters);
        rateLimits = Map.copyOf(rateLimits);
        Objects.requireNonNull(maxConcurrent, "maxConcurrent");
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(contentPolicy, "contentPolicy");
        Objects.requireNonNull(chatRetention, "chatRetention");
    }

    /** What holds where nothing has been decided. */
    public static ProjectSettings defaults(String project) {
        return new ProjectSettings(
                project,
                ModelPermissions.ALL,
                true,
                Set.of(),
                Map.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** The limit for a base model, if there is one. */
    public Optional<RateLimit> rateLimit(String model) {
        return Optional.ofNullable(rateLimits.getOrDefault(model, rateLimits.get(ANY_MODEL)));
    }

    /** Whether an adapter or preset that another project published is there for this one. */
    public boolean showsPublished(String id) {
        return publicAdapters && !hiddenAdapters.contains(id);
    }
}
