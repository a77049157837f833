package org.llmfactory.projects.service;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.database.Ids;
import org.llmfactory.projects.store.NewPreset;
import org.llmfactory.projects.store.OrganizationStore;
import org.llmfactory.projects.store.PresetStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The presets from memory: those of the project that a request is about, and the published ones it did not opt out of. */
@Component
public final class StoredPresets implements Presets {
    private final PresetStore presets;
    private final OrganizationStore organization;
    private final ChangesService changes;

    @Activate
    public StoredPresets(@Reference Tables tables, @Reference ChangesService changes) {
        this.presets = tables.presets();
        this.organization = tables.organization();
        this.changes = changes;
    }

    @Override
    public Optional<Preset> find(Caller caller, String reference) {
        int at = reference.lastIndexOf('@');
        String which = at < 0 ? reference : reference.substring(0, at);
        String version = at < 0 ? "" : reference.substring(at + 1);
        return presets.all().stream()
                .filter(versions -> called(newest(versions), which))
                .filter(versions -> usable(caller, newest(versions)))
                .min(Comparator.comparing(versions -> distance(caller, newest(versions))))
                .flatMap(versions -> at < 0 ? Optional.of(newest(versions)) : version(versions, version));
    }

    @Override
    public List<Preset> list(Caller caller) {
        return presets.all().stream()
                .map(StoredPresets::newest)
                .filter(preset -> usable(caller, preset))
                .toList();
    }

    @Override
    public Preset create(Caller caller, String name, String base, List<Preset.Part> mix) {
        String project = caller.project();
        AccessPolicy.check(caller, Action.CREATE_PRESET, Resource.project(project));
        if (organization.now().settings(project).isEmpty()) {
            throw Resource.unknown(Resource.Kind.PROJECT, project);
        }
        Preset preset = new Preset(
                Ids.next("preset_"),
                project,
                caller.id(),
                Visibility.PROJECT,
                name,
                1,
                base,
                mix,
                Optional.empty(),
                Map.of(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return changes.changes().presets(Actor.of(caller, ""), change -> NewPreset.insert(change, preset));
    }

    private boolean usable(Caller caller, Preset preset) {
        return AccessPolicy.allows(caller, Action.USE_PRESET, Resource.of(preset))
                && (preset.project().equals(caller.project()) || published(caller, preset));
    }

    private boolean published(Caller caller, Preset preset) {
        return preset.visibility() == Visibility.PUBLIC
                && organization
                        .now()
                        .settings(caller.project())
                        .filter(ProjectSettings::publicAdapters)
                        .filter(settings -> !settings.hiddenAdapters().contains(preset.id()))
                        .isPresent()
                && organization.now().settings(preset.project()).isPresent();
    }

    private static boolean called(Preset preset, String reference) {
        return preset.id().equals(reference) || preset.name().equals(reference);
    }

    /** His own, then the project's, then a published one. */
    private static int distance(Caller caller, Preset preset) {
        if (!preset.project().equals(caller.project())) {
            return 2;
        }
        return preset.owner().equals(caller.id()) ? 0 : 1;
    }

    private static Optional<Preset> version(List<Preset> versions, String number) {
        return Stream.of(number)
                .flatMap(wanted -> versions.stream()
                        .filter(preset -> Integer.toString(preset.version()).equals(wanted)))
                .findFirst();
    }

    private static Preset newest(List<Preset> versions) {
        return versions.get(versions.size() - 1);
    }
}
