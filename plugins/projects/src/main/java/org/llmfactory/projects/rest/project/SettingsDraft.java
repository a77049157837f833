package org.llmfactory.projects.rest.project;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.RateLimit;

/** Settings about to change. */
final class SettingsDraft {
    private final String project;
    ModelPermissions models;
    boolean publicAdapters;
    Set<String> hiddenAdapters;
    final Map<String, RateLimit> rateLimits;
    OptionalInt maxConcurrent;
    Optional<Budget> budget;
    Optional<String> contentPolicy;
    boolean storePrompts;
    Optional<Duration> chatRetention;

    SettingsDraft(ProjectSettings settings) {
        this.project = settings.project();
        this.models = settings.models();
        this.publicAdapters = settings.publicAdapters();
        this.hiddenAdapters = settings.hiddenAdapters();
        this.rateLimits = new HashMap<>(settings.rateLimits());
        this.maxConcurrent = settings.maxConcurrent();
        this.budget = settings.budget();
        this.contentPolicy = settings.contentPolicy();
        this.storePrompts = settings.storePrompts();
        this.chatRetention = settings.chatRetention();
    }

    ProjectSettings settings() {
        return new ProjectSettings(
                project,
                models,
                publicAdapters,
                hiddenAdapters,
                rateLimits,
                maxConcurrent,
                budget,
                contentPolicy,
                storePrompts,
                chatRetention);
    }
}
