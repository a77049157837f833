package org.llmfactory.projects.rest.role;

import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Group;

/** That a group has a role now. */
public record AssignedToGroup(String object, GroupSummary group, PredefinedRole role) {
    /** A group as assignments show it. */
    public record GroupSummary(String object, String id, String name, long createdAt, boolean scimManaged) {}

    static AssignedToGroup of(Group group, PredefinedRole role) {
        return new AssignedToGroup(
                "group.role",
                new GroupSummary("group", group.id(), group.name(), Seconds.of(group.created()), false),
                role);
    }
}
