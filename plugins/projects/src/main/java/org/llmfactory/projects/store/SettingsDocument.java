package org.llmfactory.projects.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.RateLimit;
import org.llmfactory.rest.Json;

/** Settings as they are stored: read and written as a whole, so one JSON text. */
record SettingsDocument(
        ModelPermissions.Mode modelMode,
        List<String> models,
        boolean publicAdapters,
        List<String> hiddenAdapters,
        Map<String, Limit> rateLimits,
        @Nullable Integer maxConcurrent,
        @Nullable Long budgetTokens,
        Budget.@Nullable Period budgetPeriod,
        @Nullable String contentPolicy,
        boolean storePrompts,
        @Nullable Long chatRetentionSeconds) {
    record Limit(int requests, long tokens) {}

    static String write(ProjectSettings settings) {
        Map<String, Limit> limits = new TreeMap<>();
        settings.rateLimits()
                .forEach((model, limit) ->
                        limits.put(model, new Limit(limit.requestsPerMinute(), limit.tokensPerMinute())));
        OptionalInt concurrent = settings.maxConcurrent();
        SettingsDocument document = new SettingsDocument(
                settings.models().mode(),
                List.copyOf(new TreeSet<>(settings.models().models())),
                settings.publicAdapters(),
                List.copyOf(new TreeSet<>(settings.hiddenAdapters())),
                limits,
                concurrent.isPresent() ? Integer.valueOf(concurrent.getAsInt()) : null,
                settings.budget().map(Budget::tokens).orElse(null),
                settings.budget().map(Budget::period).orElse(null),
                settings.contentPolicy().orElse(null),
                settings.storePrompts(),
                settings.chatRetention().map(Duration::toSeconds).orElse(null));
        try {
            return Json.MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("settings that are no JSON", impossible);
        }
    }

    static ProjectSettings read(String project, String text) {
        try {
            return Json.MAPPER.readValue(text, SettingsDocument.class).settings(project);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("the stored settings of project '" + project + "' are damaged", failure);
        }
    }

    private ProjectSettings settings(String project) {
        Map<String, RateLimit> limits = new TreeMap<>();
        rateLimits.forEach((model, limit) -> limits.put(model, new RateLimit(limit.requests(), limit.tokens())));
        return new ProjectSettings(
                project,
                new ModelPermissions(modelMode, Set.copyOf(models)),
                publicAdapters,
                Set.copyOf(hiddenAdapters),
                limits,
                maxConcurrent == null ? OptionalInt.empty() : OptionalInt.of(maxConcurrent),
                budgetTokens == null || budgetPeriod == null
                        ? Optional.empty()
                        : Optional.of(new Budget(budgetTokens, budgetPeriod)),
                Optional.ofNullable(contentPolicy),
                storePrompts,
                Optional.ofNullable(chatRetentionSeconds).map(Duration::ofSeconds));
    }
}
