package org.llmfactory.ledger.rest;

import java.util.List;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.ledger.usage.UsageQuery.Viewer;

/** What a caller may see of the use. */
final class UsageViewer {
    private UsageViewer() {}

    static Viewer of(Caller caller) {
        if (allows(caller, Resource.organization())) {
            return new Viewer(true, List.of(), List.of(), caller.id());
        }
        List<String> whole = caller.projects().keySet().stream()
                .filter(project -> allows(caller, Resource.project(project)))
                .sorted()
                .toList();
        List<String> own = caller.projects().keySet().stream()
                .filter(project -> !whole.contains(project))
                .filter(project -> allows(caller, own(project, caller)))
                .sorted()
                .toList();
        return new Viewer(false, whole, own, caller.id());
    }

    private static boolean allows(Caller caller, Resource resource) {
        return AccessPolicy.allows(caller, Action.READ_USAGE, resource);
    }

    private static Resource own(String project, Caller caller) {
        return Resource.owned(project, Resource.Kind.PROJECT, project, caller.id(), Visibility.PROJECT);
    }
}
