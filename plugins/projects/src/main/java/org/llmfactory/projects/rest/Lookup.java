package org.llmfactory.projects.rest;

import java.util.Optional;
import org.llmfactory.access.Resource;
import org.llmfactory.access.Resource.Kind;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.state.Group;
import org.llmfactory.projects.state.Invitation;
import org.llmfactory.projects.state.Member;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Project;
import org.llmfactory.projects.state.ServiceAccount;

/** Finds what a request names, or says that there is no such thing. */
public final class Lookup {
    private Lookup() {}

    public static Project project(Organization now, String id) {
        return now.project(id).orElseThrow(() -> Resource.unknown(Kind.PROJECT, id));
    }

    /** A project in which something can be changed. */
    public static Project activeProject(Organization now, String id) {
        Project project = project(now, id);
        if (!project.active()) {
            throw new FactoryException(
                    ErrorCode.INVALID_REQUEST,
                    "The project '" + id + "' is archived: it can be looked at, but not used or changed.");
        }
        return project;
    }

    public static User user(Organization now, String id) {
        return now.user(id).orElseThrow(() -> Resource.unknown(Kind.USER, id));
    }

    public static Member member(Organization now, String project, String id) {
        project(now, project);
        return now.user(id)
                .flatMap(user -> now.places().member(project, user))
                .orElseThrow(() -> Resource.unknown(Kind.USER, id));
    }

    public static ServiceAccount serviceAccount(Organization now, String project, String id) {
        project(now, project);
        return now.serviceAccount(id)
                .filter(account -> account.project().equals(project))
                .orElseThrow(() -> Resource.unknown(Kind.SERVICE_ACCOUNT, id));
    }

    public static Group group(Organization now, String id) {
        return found(now.groups().find(id), "group", id);
    }

    public static Invitation invitation(Organization now, String id) {
        return found(now.invitation(id), "invitation", id);
    }

    /**
     * What was looked for.
     *
     * @throws FactoryException {@code NOT_FOUND}, in the words of {@link Resource#unknown}
     */
    public static <T> T found(Optional<T> value, String label, String id) {
        return value.orElseThrow(() -> new FactoryException(
                ErrorCode.NOT_FOUND, "No " + label + " '" + id + "', or you do not have access to it."));
    }
}
