package org.llmfactory.ledger.chain;

import java.util.List;
import java.util.Optional;

/**
 * Which entries are asked for. An empty list of projects, types or resources asks for all.
 *
 * @param visible the projects the caller may see; empty for everything there is
 * @param projects ids of projects
 * @param types types of events
 * @param extensions whether types that OpenAI's clients do not know are asked for too
 * @param actors ids of principals or API keys; without a list, all of them
 * @param resources ids of what it happened to
 * @param from milliseconds since 1970, inclusive
 * @param until milliseconds since 1970, exclusive
 */
public record AuditFilter(
        Optional<List<String>> visible,
        List<String> projects,
        List<String> types,
        boolean extensions,
        Optional<List<String>> actors,
        List<String> resources,
        long from,
        long until) {
    public AuditFilter {
        visible = visible.map(List::copyOf);
        projects = List.copyOf(projects);
        types = List.copyOf(types);
        actors = actors.map(List::copyOf);
        resources = List.copyOf(resources);
    }

    /** Everything that a caller may see. */
    public static AuditFilter everything(Optional<List<String>> visible) {
        return new AuditFilter(
                visible, List.of(), List.of(), true, Optional.empty(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
    }
}
