package org.llmfactory.projects.rest.organization;

import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Group;

/** A group as OpenAI shows it. */
public record GroupObject(
        String object, String id, String name, long createdAt, boolean isScimManaged, String groupType) {
    static GroupObject of(Group group) {
        return new GroupObject("group", group.id(), group.name(), Seconds.of(group.created()), false, "group");
    }
}
