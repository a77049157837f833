package org.llmfactory.api.project.testing;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;

/** Presets in a map; whoever belongs to a project may use those in it that are not somebody else's private ones. */
public final class InMemoryPresets implements Presets {
    private final Map<String, NavigableMap<Integer, Preset>> presets = new LinkedHashMap<>();

    /** Adds a version. */
    public synchronized InMemoryPresets add(Preset preset) {
        presets.computeIfAbsent(preset.id(), any -> new TreeMap<>()).put(preset.version(), preset);
        return this;
    }

    @Override
    public synchronized Optional<Preset> find(Caller caller, String reference) {
        int at = reference.lastIndexOf('@');
        String which = at < 0 ? reference : reference.substring(0, at);
        return presets.values().stream()
                .filter(versions ->
                        List.of(newest(versions).id(), newest(versions).name()).contains(which))
                .filter(versions -> usable(caller, newest(versions)))
                .min(Comparator.comparing(versions -> distance(caller, newest(versions))))
                .flatMap(versions -> at < 0
                        ? Optional.of(newest(versions))
                        : versions.values().stream()
                                .filter(preset -> reference.endsWith("@" + preset.version()))
                                .findFirst());
    }

    @Override
    public synchronized List<Preset> list(Caller caller) {
        return presets.values().stream()
                .map(InMemoryPresets::newest)
                .filter(preset -> usable(caller, preset))
                .toList();
    }

    @Override
    public synchronized Preset create(Caller caller, String name, String base, List<Preset.Part> mix) {
        boolean mayCreate = caller.roleIn(caller.project())
                .filter(role -> role.covers(ProjectRole.MEMBER))
                .isPresent();
        if (!mayCreate) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, "You may not do this.");
        }
        boolean taken = presets.values().stream()
                .map(InMemoryPresets::newest)
                .anyMatch(preset -> preset.project().equals(caller.project())
                        && preset.name().equals(name));
        if (taken) {
            throw new FactoryException(ErrorCode.CONFLICT, "The name '" + name + "' is taken.");
        }
        Preset preset = new Preset(
                "preset_" + (presets.size() + 1) + "made",
                caller.project(),
                caller.id(),
                Visibility.PROJECT,
                name,
                1,
                base,
                mix,
                Optional.empty(),
                Map.of(),
                Instant.EPOCH);
        add(preset);
        return preset;
    }

    private static boolean usable(Caller caller, Preset preset) {
        boolean own = preset.owner().equals(caller.id());
        boolean inside = caller.roleIn(preset.project()).isPresent();
        return preset.visibility() == Visibility.PUBLIC
                || (inside && (own || preset.visibility() == Visibility.PROJECT));
    }

    private static int distance(Caller caller, Preset preset) {
        if (caller.roleIn(preset.project()).isEmpty()) {
            return 2;
        }
        return preset.owner().equals(caller.id()) ? 0 : 1;
    }

    private static Preset newest(NavigableMap<Integer, Preset> versions) {
        return versions.lastEntry().getValue();
    }
}
