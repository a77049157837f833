package org.llmfactory.history;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;

/** How long chats are kept: as the project's settings say now, not as they said when a chat was saved. */
final class Retention {
    private final Projects projects;
    private final Clock clock;

    Retention(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    /** Milliseconds since 1970; a chat that was created before is not to be seen any more. */
    long since(String project) {
        return retention(project)
                .map(kept -> clock.instant().minus(kept).toEpochMilli())
                .orElse(Long.MIN_VALUE);
    }

    /** When a chat expires, milliseconds since 1970, should its project be gone by then; null for never. */
    @Nullable
    Long expiry(String project, Instant created) {
        return retention(project).map(kept -> created.plus(kept).toEpochMilli()).orElse(null);
    }

    /** Whether the project's settings say how long, or that it is without end. */
    boolean isKnown(String project) {
        return projects.settings(project).isPresent();
    }

    long now() {
        return clock.millis();
    }

    private Optional<Duration> retention(String project) {
        return projects.settings(project).flatMap(ProjectSettings::chatRetention);
    }
}
