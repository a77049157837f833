package org.llmfactory.registry.rest;

import java.util.List;
import org.llmfactory.access.Action;
import org.llmfactory.access.Reach;
import org.llmfactory.access.Resource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.identity.Caller;
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
        Reach reach = reach(caller);
        return registry.list().stream()
                .filter(adapter -> reach.includes(Action.READ_ADAPTER, Resource.of(adapter)))
                .toList();
    }

    /** The adapter that a caller means: his own before the project's before a published one. */
    AdapterInfo require(Caller caller, String reference) {
        return reach(caller).select(Action.READ_ADAPTER, registry.find(reference), Resource::of).stream()
                .findFirst()
                .orElseThrow(() -> Resource.unknown(Resource.Kind.ADAPTER, reference));
    }

    private Reach reach(Caller caller) {
        return new Reach(caller, projects.settings(caller.project()));
    }
}
