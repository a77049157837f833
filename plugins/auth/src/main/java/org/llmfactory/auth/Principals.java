package org.llmfactory.auth;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

/** Those whose rights credentials lend, asked of the directory anew each time. */
final class Principals {
    private final Directory directory;

    /**
     * Somebody and all his rights.
     *
     * @param projects his role in each project he belongs to
     */
    record Principal(Caller.Kind kind, String id, OrganizationRole role, Map<String, ProjectRole> projects) {
        Principal {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(role, "role");
            projects = Map.copyOf(projects);
        }
    }

    Principals(Directory directory) {
        this.directory = directory;
    }

    /** A user, a service account or the platform; empty for one who was removed. */
    Optional<Principal> find(String id) {
        Caller platform = Caller.platform();
        if (id.equals(platform.id())) {
            return Optional.of(new Principal(platform.kind(), id, platform.organizationRole(), platform.projects()));
        }
        Map<String, ProjectRole> projects = directory.memberships(id);
        return directory
                .user(id)
                .map(user -> new Principal(Caller.Kind.USER, id, user.role(), projects))
                .or(() -> projects.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Principal(Caller.Kind.SERVICE_ACCOUNT, id, OrganizationRole.NONE, projects)));
    }
}
