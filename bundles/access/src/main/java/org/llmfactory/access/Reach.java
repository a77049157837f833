package org.llmfactory.access;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.project.ProjectSettings;

/**
 * What there is for one caller, and what a name means to him, for everything that projects share by name: adapters and
 * presets, and the base models under them. The access policy says what he may do; this says beside it what belongs to the
 * project that the request is about. That project answers for the request, so what another project shares among its members
 * is not there, whatever other projects the caller belongs to; it is for those whose role in the organization suffices.
 *
 * @param caller who asks
 * @param settings of the project that the request is about; empty for one that is unknown or archived, for which there are
 *     no base models, and nothing of others
 */
public record Reach(Caller caller, Optional<ProjectSettings> settings) {
    public Reach {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(settings, "settings");
    }

    /** Whether a base model is there for the caller to do that with: his project permits it, and his key. */
    public boolean includes(Action action, ModelInfo base) {
        Resource model = Resource.in(caller.project(), Resource.Kind.MODEL, base.id());
        return settings.filter(decided -> decided.models().allows(base.id())).isPresent()
                && AccessPolicy.allows(caller, action, model);
    }

    /** Whether an adapter or a preset is there for the caller to do that with. */
    public boolean includes(Action action, Resource resource) {
        return isHere(action, resource) && AccessPolicy.allows(caller, action, resource);
    }

    private boolean isHere(Action action, Resource resource) {
        return isOfTheProject(resource)
                || (resource.visibility() == Visibility.PUBLIC && isShown(resource))
                || AccessPolicy.byOrganization(caller, action, resource);
    }

    private boolean isShown(Resource published) {
        return settings.filter(decided -> decided.showsPublished(published.id()))
                .isPresent();
    }

    private boolean isOfTheProject(Resource resource) {
        return resource.project().filter(caller.project()::equals).isPresent();
    }

    /**
     * Those of several things that are there for the caller to do that with, the one that he means by their common name
     * first: his own before the project's before what comes from elsewhere; otherwise they stay in order.
     */
    public <T> List<T> select(Action action, List<T> candidates, Function<T, Resource> resource) {
        return candidates.stream()
                .filter(candidate -> includes(action, resource.apply(candidate)))
                .sorted(Comparator.comparingInt(candidate -> distance(resource.apply(candidate))))
                .toList();
    }

    private int distance(Resource resource) {
        if (!isOfTheProject(resource)) {
            return 2;
        }
        return resource.owner().filter(caller.id()::equals).isPresent() ? 0 : 1;
    }
}
