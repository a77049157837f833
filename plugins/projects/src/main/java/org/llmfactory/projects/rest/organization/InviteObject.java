package org.llmfactory.projects.rest.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Invitation;

/**
 * An invitation as OpenAI shows it.
 *
 * @param acceptUrl our extension: the path to accept it at, told once to whoever made it
 */
public record InviteObject(
        String object,
        String id,
        String email,
        String role,
        String status,
        long createdAt,
        long expiresAt,
        @Nullable Long acceptedAt,
        List<Place> projects,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String acceptUrl) {
    /**
     * What he will be in a project.
     *
     * @param role as near as OpenAI has it
     * @param projectRole our extension: the role exactly
     */
    public record Place(String id, String role, String projectRole) {
        static Place of(String project, ProjectRole role) {
            return new Place(project, role == ProjectRole.OWNER ? "owner" : "member", Inputs.word(role));
        }
    }

    public InviteObject {
        projects = List.copyOf(projects);
    }

    static InviteObject of(Invitation invitation, Optional<String> acceptUrl) {
        return new InviteObject(
                "organization.invite",
                invitation.id(),
                invitation.email(),
                Inputs.word(invitation.role()),
                status(invitation),
                Seconds.of(invitation.created()),
                Seconds.of(invitation.expires()),
                Seconds.of(invitation.accepted()),
                invitation.projects().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(place -> Place.of(place.getKey(), place.getValue()))
                        .toList(),
                acceptUrl.orElse(null));
    }

    private static String status(Invitation invitation) {
        if (invitation.accepted().isPresent()) {
            return "accepted";
        }
        return invitation.open(Instant.now()) ? "pending" : "expired";
    }
}
