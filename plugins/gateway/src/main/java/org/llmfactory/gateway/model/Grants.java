package org.llmfactory.gateway.model;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.ProjectSettings;

/**
 * What one caller may use: by the access policy, and by what the project that the request is about has decided. Things of
 * other projects are there for it only when they are published, whatever other projects the caller belongs to.
 *
 * @param caller who asks
 * @param settings of the caller's project
 */
record Grants(Caller caller, ProjectSettings settings) {
    private static final ModelPermissions NO_MODEL = new ModelPermissions(ModelPermissions.Mode.ALLOW_LIST, Set.of());

    Grants {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(settings, "settings");
    }

    /** A project that is unknown or archived may use nothing. */
    static Grants of(Caller caller, Optional<ProjectSettings> settings) {
        return new Grants(caller, settings.orElseGet(() -> nothing(caller.project())));
    }

    private static ProjectSettings nothing(String project) {
        ProjectSettings defaults = ProjectSettings.defaults(project);
        return new ProjectSettings(
                project,
                NO_MODEL,
                false,
                defaults.hiddenAdapters(),
                defaults.rateLimits(),
                defaults.maxConcurrent(),
                defaults.budget(),
                defaults.contentPolicy(),
                defaults.storePrompts(),
                defaults.chatRetention());
    }

    /** Whether that may be done with a base model. */
    boolean allow(Action action, ModelInfo base) {
        return settings.models().allows(base.id())
                && AccessPolicy.allows(caller, action, Resource.in(caller.project(), Resource.Kind.MODEL, base.id()));
    }

    /** Whether an adapter may be part of an answer. */
    boolean allow(AdapterInfo adapter) {
        return isHere(adapter.project(), adapter.visibility(), adapter.id())
                && AccessPolicy.allows(caller, Action.USE_ADAPTER, Resource.of(adapter));
    }

    /** Whether a preset may be called; what it is made of is another question. */
    boolean allow(Preset preset) {
        return isHere(preset.project(), preset.visibility(), preset.id())
                && AccessPolicy.allows(caller, Action.USE_PRESET, Resource.of(preset));
    }

    private boolean isHere(String project, Visibility visibility, String id) {
        boolean published = visibility == Visibility.PUBLIC
                && settings.publicAdapters()
                && !settings.hiddenAdapters().contains(id);
        return project.equals(caller.project()) || published;
    }

    /** Which of several adapters is meant by a name: the least; his own before the project's before a published one. */
    int rank(AdapterInfo adapter) {
        if (!adapter.project().equals(caller.project())) {
            return 2;
        }
        boolean own =
                adapter.visibility() == Visibility.PRIVATE && adapter.owner().equals(caller.id());
        return own ? 0 : 1;
    }
}
