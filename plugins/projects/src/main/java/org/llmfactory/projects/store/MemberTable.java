package org.llmfactory.projects.store;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.state.Rows;

/** Places of people in projects. */
public record MemberTable(Handle handle) {
    List<Rows.Membership> all() {
        return places().all(Rows.Membership::new);
    }

    /** Gives a person a role in a project, in place of the one he may have. */
    public void set(String project, String user, ProjectRole role, Instant added) {
        places().set(project, user, role, added);
    }

    public void remove(String project, String user) {
        places().remove(project, user);
    }

    private PlaceTable places() {
        return new PlaceTable(handle, "project_members", "user_id");
    }
}
