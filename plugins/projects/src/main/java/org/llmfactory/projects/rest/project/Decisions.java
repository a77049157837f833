package org.llmfactory.projects.rest.project;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Project;

/** What projects have decided, and the way to decide otherwise. */
final class Decisions {
    private final Administration administration;

    Decisions(Administration administration) {
        this.administration = administration;
    }

    /** What holds for a project, or held when it was archived. */
    ProjectSettings of(String project) {
        Organization now = administration.now();
        Project found = Lookup.project(now, project);
        return now.settings(found.id()).orElseGet(() -> ProjectSettings.defaults(found.id()));
    }

    /**
     * Decides something, and enters it if it was not so before.
     *
     * @param resource what the audit entry is about
     */
    void decide(
            SecurityContext security,
            String project,
            Consumer<SettingsDraft> edit,
            String event,
            String resource,
            Map<String, Object> details) {
        administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            ProjectSettings before = now.settings(project).orElseGet(() -> ProjectSettings.defaults(project));
            SettingsDraft draft = new SettingsDraft(before);
            edit.accept(draft);
            ProjectSettings after = draft.settings();
            if (!after.equals(before)) {
                change.projects().decide(after);
                change.enter(event, Optional.of(project), resource, details);
            }
            return after;
        });
    }

    /** Tokens that a project has used since a time. */
    long used(String project, Instant since) {
        return administration.ledger().tokensUsed(project, since);
    }

    /** Ids of the base models that lie on this agent. */
    Set<String> models() {
        return administration.models();
    }
}
