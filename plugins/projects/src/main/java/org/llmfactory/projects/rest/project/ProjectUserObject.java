package org.llmfactory.projects.rest.project;

import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Member;

/** A person in a project as OpenAI shows him. */
public record ProjectUserObject(String object, String id, String name, String email, String role, long addedAt) {
    static ProjectUserObject of(Member member) {
        return new ProjectUserObject(
                "organization.project.user",
                member.user().id(),
                member.user().name(),
                member.user().email(),
                Inputs.word(member.role()),
                Seconds.of(member.added()));
    }
}
