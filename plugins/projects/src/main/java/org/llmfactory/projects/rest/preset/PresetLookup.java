package org.llmfactory.projects.rest.preset;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.state.Organization;

/** Finds presets for those who may read them; to all others they do not exist. */
final class PresetLookup {
    private final Administration administration;

    PresetLookup(Administration administration) {
        this.administration = administration;
    }

    /** The newest version of every preset that a caller may read, in the order they were made. */
    Stream<Preset> visible(Caller caller) {
        return administration.presets().all().stream()
                .map(PresetLookup::newest)
                .filter(preset -> AccessPolicy.allows(caller, Action.READ_PRESET, Resource.of(preset)))
                .filter(preset -> caller.roleIn(preset.project()).isPresent() || shown(caller, preset));
    }

    /** What comes from elsewhere: to administrators all of it, to others what their project did not opt out of. */
    private boolean shown(Caller caller, Preset preset) {
        Organization now = administration.now();
        boolean administers = preset.visibility() != Visibility.PUBLIC;
        return now.settings(preset.project()).isPresent()
                && (administers
                        || now.settings(caller.project())
                                .filter(ProjectSettings::publicAdapters)
                                .filter(settings -> !settings.hiddenAdapters().contains(preset.id()))
                                .isPresent());
    }

    /**
     * The preset that a caller means by its id or name, with {@code @} and a version where it is not the newest.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code MODEL_NOT_FOUND}
     */
    Preset find(Caller caller, String reference) {
        int at = reference.lastIndexOf('@');
        String which = at < 0 ? reference : reference.substring(0, at);
        Optional<Preset> newest = visible(caller)
                .filter(preset -> preset.id().equals(which) || preset.name().equals(which))
                .min(Comparator.comparing(preset -> distance(caller, preset)));
        Optional<Preset> meant =
                at < 0 ? newest : newest.flatMap(preset -> version(preset.id(), reference.substring(at + 1)));
        return meant.orElseThrow(() -> Resource.unknown(Resource.Kind.PRESET, reference));
    }

    /** One version of a preset, by its number. */
    Optional<Preset> version(String id, String number) {
        return administration.presets().versions(id).stream()
                .filter(preset -> Integer.toString(preset.version()).equals(number))
                .findFirst();
    }

    private static int distance(Caller caller, Preset preset) {
        if (!preset.project().equals(caller.project())) {
            return 2;
        }
        return preset.owner().equals(caller.id()) ? 0 : 1;
    }

    private static Preset newest(List<Preset> versions) {
        return versions.get(versions.size() - 1);
    }
}
