package org.llmfactory.ledger.usage;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which use is asked for. An empty list asks for all.
 *
 * @param endpoint what it is counted under; empty for all of it
 * @param from minutes since 1970, inclusive
 * @param until minutes since 1970, exclusive
 * @param groups what to tell apart
 */
public record UsageQuery(
        Optional<String> endpoint,
        long from,
        long until,
        Width width,
        Viewer viewer,
        List<String> projects,
        List<String> users,
        List<String> apiKeys,
        List<String> models,
        Set<Grouping> groups) {
    /**
     * What a caller may see.
     *
     * @param everything whether that is all there is
     * @param projects projects of which he sees all
     * @param ownIn projects of which he sees his own
     * @param principal his id
     */
    public record Viewer(boolean everything, List<String> projects, List<String> ownIn, String principal) {
        public Viewer {
            projects = List.copyOf(projects);
            ownIn = List.copyOf(ownIn);
        }
    }

    public UsageQuery {
        projects = List.copyOf(projects);
        users = List.copyOf(users);
        apiKeys = List.copyOf(apiKeys);
        models = List.copyOf(models);
        groups = Set.copyOf(groups);
    }
}
