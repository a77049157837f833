package org.llmfactory.projects.rest.project;

import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Group;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Rows;

/**
 * A group in a project as OpenAI shows it.
 *
 * @param role our extension: what its people are there at least
 */
public record ProjectGroupObject(
        String object,
        String projectId,
        String groupId,
        String groupName,
        String groupType,
        long createdAt,
        String role) {
    static ProjectGroupObject of(Organization now, Rows.GroupGrant grant) {
        return new ProjectGroupObject(
                "project.group",
                grant.project(),
                grant.group(),
                now.groups().find(grant.group()).map(Group::name).orElse(""),
                "group",
                Seconds.of(grant.added()),
                Inputs.word(grant.role()));
    }
}
