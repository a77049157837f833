package org.llmfactory.api.project.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;
import org.llmfactory.api.project.RateLimit;

/** What every {@link Projects} must do. A provider's test extends it, and says how decisions get into it. */
public abstract class ProjectsContract {
    /** With the default project and no other; the same ones during one test. */
    protected abstract Projects projects();

    /** Decides something for the default project. */
    protected abstract void decide(ProjectSettings settings);

    @Test
    protected void theDefaultProjectIsAlwaysThere() {
        assertThat(projects().settings(Caller.DEFAULT_PROJECT))
                .contains(ProjectSettings.defaults(Caller.DEFAULT_PROJECT));
        assertThat(projects().name(Caller.DEFAULT_PROJECT)).isPresent();
    }

    @Test
    protected void anUnknownProjectHasDecidedNothing() {
        assertThat(projects().settings("proj_unknown")).isEmpty();
        assertThat(projects().name("proj_unknown")).isEmpty();
    }

    @Test
    protected void whatWasDecidedHoldsAtOnce() {
        ProjectSettings decided = new ProjectSettings(
                Caller.DEFAULT_PROJECT,
                new ModelPermissions(ModelPermissions.Mode.ALLOW_LIST, Set.of("small", "it's; DROP TABLE projects")),
                false,
                Set.of("adapter-1"),
                Map.of("small", new RateLimit(3, 4_000_000_000L), ProjectSettings.ANY_MODEL, new RateLimit(1, 1)),
                OptionalInt.of(7),
                Optional.of(new Budget(0, Budget.Period.MONTH)),
                Optional.of("strict"),
                true,
                Optional.of(Duration.ofDays(30)));

        decide(decided);

        assertThat(projects().settings(Caller.DEFAULT_PROJECT)).contains(decided);
    }
}
