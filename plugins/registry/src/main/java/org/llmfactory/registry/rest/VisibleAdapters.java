package org.llmfactory.registry.rest;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Projects;

/** The adapters that a caller may know of. */
final class VisibleAdapters {
    private final AdapterRegistry registry;
    private final Projects projects;

    VisibleAdapters(AdapterRegistry registry, Projects projects) {
        this.registry = registry;
        this.projects = projects;
    }

    List<AdapterInfo> list(Caller caller) {
        return registry.list().stream()
                .filter(adapter -> isVisible(caller, adapter))
                .toList();
    }

    /** The adapter that a caller means: his own before the project's before a published one. */
    AdapterInfo require(Caller caller, String reference) {
        return registry.find(reference).stream()
                .filter(adapter -> isVisible(caller, adapter))
                .min(Comparator.comparingInt(adapter -> distance(caller, adapter)))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.ADAPTER, reference));
    }

    /** An adapter that others would take for another of the same name, if it were shown to them. */
    Optional<AdapterInfo> rival(AdapterInfo adapter, Visibility visibility) {
        return registry.find(adapter.name()).stream()
                .filter(other -> other.name().equals(adapter.name())
                        && !other.id().equals(adapter.id())
                        && other.visibility() != Visibility.PRIVATE)
                .filter(other -> other.project().equals(adapter.project())
                        || (visibility == Visibility.PUBLIC && other.visibility() == Visibility.PUBLIC))
                .findFirst();
    }

    private boolean isVisible(Caller caller, AdapterInfo adapter) {
        return AccessPolicy.allows(caller, Action.READ_ADAPTER, Resource.of(adapter)) && isShown(caller, adapter);
    }

    /** Whether the caller's project has not opted out of what others have published. */
    private boolean isShown(Caller caller, AdapterInfo adapter) {
        return caller.roleIn(adapter.project()).isPresent()
                || projects.settings(caller.project())
                        .map(settings -> settings.showsPublished(adapter.id()))
                        .orElse(false);
    }

    private static int distance(Caller caller, AdapterInfo adapter) {
        if (!adapter.project().equals(caller.project())) {
            return 2;
        }
        return adapter.owner().equals(caller.id()) ? 0 : 1;
    }
}
