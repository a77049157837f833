package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.ServiceAccount;

/**
 * A service account as OpenAI shows it.
 *
 * @param role as near as OpenAI has it
 * @param projectRole our extension: the role exactly
 * @param apiKey its first key, told once to whoever made it; null where OpenAI has null
 */
public record ServiceAccountObject(
        String object,
        String id,
        String name,
        String role,
        String projectRole,
        long createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ServiceAccountKeyObject apiKey) {
    static ServiceAccountObject of(ServiceAccount account, Optional<ApiKeys.Issued> key) {
        return new ServiceAccountObject(
                "organization.project.service_account",
                account.id(),
                account.name(),
                role(account.role()),
                Inputs.word(account.role()),
                Seconds.of(account.created()),
                key.map(ServiceAccountKeyObject::of).orElse(null));
    }

    private static String role(ProjectRole role) {
        return switch (role) {
            case OWNER -> "owner";
            case MAINTAINER, MEMBER -> "member";
            case VIEWER -> "none";
        };
    }
}
