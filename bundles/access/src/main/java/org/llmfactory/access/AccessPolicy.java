package org.llmfactory.access;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;

/** Decides who may do what, by the table in {@link Action}. Nothing else in the platform compares roles. */
public final class AccessPolicy {
    private AccessPolicy() {}

    /** Whether a caller may do that. */
    public static boolean allows(Caller caller, Action action, Resource resource) {
        return opens(caller, action, resource)
                && (byOrganization(caller, action, resource)
                        || byProject(caller, action, resource)
                        || byOwnership(caller, action, resource)
                        || byPublication(caller, action, resource));
    }

    /**
     * Refuses what a caller may not do.
     *
     * @throws FactoryException {@code PERMISSION_DENIED} when he may know of the resource; otherwise the same words as
     *     for one that does not exist
     */
    public static void check(Caller caller, Action action, Resource resource) {
        check(caller, action, resource, resource.id());
    }

    /**
     * Refuses what a caller may not do, to something that he called by another name than its id: the id would tell him that
     * it is there.
     *
     * @param reference what the caller called it
     * @throws FactoryException as {@link #check(Caller, Action, Resource)}
     */
    public static void check(Caller caller, Action action, Resource resource, String reference) {
        if (allows(caller, action, resource)) {
            return;
        }
        if (!mayKnow(caller, resource)) {
            throw Resource.unknown(resource.kind(), reference);
        }
        throw denied(caller, action);
    }

    /**
     * Something of the project that a request is about, for whoever may do that to it.
     *
     * @param found what is called so, in whatever project; empty when nothing is
     * @param resource what it is to this policy
     * @throws FactoryException as {@link #check(Caller, Action, Resource)}; what is another project's does not exist
     */
    public static <T> T require(
            Caller caller,
            Action action,
            Optional<T> found,
            Function<T, Resource> resource,
            Resource.Kind kind,
            String id) {
        T present = found.filter(one -> resource.apply(one).project().equals(Optional.of(caller.project())))
                .orElseThrow(() -> Resource.unknown(kind, id));
        check(caller, action, resource.apply(present));
        return present;
    }

    /**
     * Refuses whoever could not do that to anything in a project: for the door in front of an endpoint, which does not
     * know yet what the request is about. What no role in a project suffices for is the organization's, and refused alike
     * whatever the project.
     *
     * @param project the one the request is about
     * @throws FactoryException as {@link #check(Caller, Action, Resource)}
     */
    public static void checkAny(Caller caller, Action action, String project) {
        if (action.projectRole().isEmpty() && action.ownRole().isEmpty()) {
            check(caller, action, Resource.organization());
            return;
        }
        Resource anything = Resource.project(project);
        Resource own = Resource.owned(project, Resource.Kind.PROJECT, project, caller.id(), Visibility.PROJECT);
        if (!allows(caller, action, anything)) {
            check(caller, action, own);
        }
    }

    /** The key's own bounds. */
    private static boolean opens(Caller caller, Action action, Resource resource) {
        if (!caller.scope().areas().contains(action.area())) {
            return false;
        }
        return switch (resource.kind()) {
            case MODEL ->
                caller.scope().models().map(ids -> ids.contains(resource.id())).orElse(true);
            case ADAPTER, PRESET ->
                caller.scope()
                        .adapters()
                        .map(ids -> ids.contains(resource.id()))
                        .orElse(true);
            case ORGANIZATION,
                    PROJECT,
                    CHAT,
                    API_KEY,
                    USER,
                    SERVICE_ACCOUNT,
                    POLICY,
                    FILE,
                    JOB,
                    SEARCH,
                    EVALUATION,
                    EVALUATION_RUN,
                    OUTPUT_ITEM -> true;
        };
    }

    static boolean byOrganization(Caller caller, Action action, Resource resource) {
        return resource.visibility() != Visibility.PRIVATE
                && action.organizationRole()
                        .map(role -> caller.organizationRole().covers(role))
                        .orElse(false);
    }

    private static boolean byProject(Caller caller, Action action, Resource resource) {
        return resource.visibility() != Visibility.PRIVATE && hasRole(caller, resource.project(), action.projectRole());
    }

    private static boolean byOwnership(Caller caller, Action action, Resource resource) {
        return resource.owner().filter(caller.id()::equals).isPresent()
                && hasRole(caller, resource.project(), action.ownRole());
    }

    private static boolean byPublication(Caller caller, Action action, Resource resource) {
        return action.isForPublished()
                && resource.visibility() == Visibility.PUBLIC
                && hasRole(caller, Optional.of(caller.project()), action.ownRole());
    }

    private static boolean hasRole(Caller caller, Optional<String> project, Optional<ProjectRole> needed) {
        return needed.isPresent()
                && project.flatMap(caller::roleIn)
                        .map(role -> role.covers(needed.get()))
                        .orElse(false);
    }

    /** Whether saying "you may not" would tell the caller nothing new. */
    private static boolean mayKnow(Caller caller, Resource resource) {
        if (resource.project().isEmpty() || resource.visibility() == Visibility.PUBLIC) {
            return true;
        }
        boolean owner = resource.owner().filter(caller.id()::equals).isPresent();
        boolean insider = caller.roleIn(resource.project().get()).isPresent();
        return insider && (owner || resource.visibility() == Visibility.PROJECT);
    }

    private static FactoryException denied(Caller caller, Action action) {
        if (!caller.scope().areas().contains(action.area())) {
            return new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "Your API key is not for this: it does not open the area '"
                            + action.area().name().toLowerCase(Locale.ROOT) + "'.");
        }
        String needed = action.projectRole()
                .or(action::ownRole)
                .map(role -> "the role " + role.name().toLowerCase(Locale.ROOT) + " in the project")
                .orElse("an owner of the organization");
        return new FactoryException(ErrorCode.PERMISSION_DENIED, "You may not do this: it takes " + needed + ".");
    }
}
