package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** What else a project has decided: our extension. */
@Path("/projects/{project}/settings")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class SettingsResource {
    private final Decisions decisions;

    public SettingsResource(Administration administration) {
        this.decisions = new Decisions(administration);
    }

    private static final int MANY = 1000;
    private static final long LONGEST_RETENTION = Duration.ofDays(36_500).toSeconds();
    private static final int MOST_CONCURRENT = 100_000;
    private static final String MAX_CONCURRENT = "max_concurrent";

    /** How each field changes the settings; null takes the decision back. */
    private static final Map<String, BiConsumer<JsonFields, SettingsDraft>> EDITS = Map.of(
            "public_adapters",
            (fields, draft) -> draft.publicAdapters = fields.flag("public_adapters", true),
            "hidden_adapters",
            (fields, draft) -> draft.hiddenAdapters = Set.copyOf(fields.strings("hidden_adapters", MANY)),
            MAX_CONCURRENT,
            (fields, draft) -> draft.maxConcurrent = fields.integer(MAX_CONCURRENT, 1, MOST_CONCURRENT),
            "content_policy",
            (fields, draft) -> draft.contentPolicy = Inputs.optionalName(fields, "content_policy"),
            "store_prompts",
            (fields, draft) -> draft.storePrompts = fields.flag("store_prompts", false),
            "chat_retention_seconds",
            (fields, draft) -> draft.chatRetention = retention(fields));

    private static Optional<Duration> retention(JsonFields fields) {
        OptionalLong seconds = fields.longInteger("chat_retention_seconds", 0, LONGEST_RETENTION);
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }

    /** The settings; null where nothing is decided. */
    public record Settings(
            String object,
            String project,
            boolean publicAdapters,
            List<String> hiddenAdapters,
            @Nullable Integer maxConcurrent,
            @Nullable String contentPolicy,
            boolean storePrompts,
            @Nullable Long chatRetentionSeconds) {
        public Settings {
            hiddenAdapters = List.copyOf(hiddenAdapters);
        }

        static Settings of(ProjectSettings settings) {
            OptionalInt concurrent = settings.maxConcurrent();
            return new Settings(
                    "project.settings",
                    settings.project(),
                    settings.publicAdapters(),
                    settings.hiddenAdapters().stream().sorted().toList(),
                    concurrent.isPresent() ? Integer.valueOf(concurrent.getAsInt()) : null,
                    settings.contentPolicy().orElse(null),
                    settings.storePrompts(),
                    settings.chatRetention().map(Duration::toSeconds).orElse(null));
        }
    }

    @GET
    @Requires(Action.READ_SETTINGS)
    public Settings get(@PathParam("project") String project) {
        return Settings.of(decisions.of(project));
    }

    /** Changes the settings that the request names; null takes a decision back. */
    @POST
    @Requires(Action.MANAGE_SETTINGS)
    public Settings update(@Context SecurityContext security, @PathParam("project") String project, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        List<String> named = EDITS.keySet().stream()
                .filter(fields.names()::contains)
                .sorted()
                .toList();
        if (named.contains(MAX_CONCURRENT)) {
            AccessPolicy.check(Callers.of(security), Action.MANAGE_LIMITS, Resource.project(project));
        }
        decisions.decide(
                security,
                project,
                draft -> EDITS.forEach((name, edit) -> {
                    if (named.contains(name)) {
                        edit.accept(fields, draft);
                    }
                }),
                "project.updated",
                project,
                Map.of("settings", named));
        return get(project);
    }
}
