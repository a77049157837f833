package org.llmfactory.projects.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

/** What the groups of an identity provider are worth by configuration, beside the groups of the same name. */
public final class GroupMapping {
    /** Nothing mapped. */
    public static final GroupMapping NONE = new GroupMapping(Map.of());

    private static final String ORGANIZATION = "organization";

    private final Map<String, List<Grant>> grants;

    private GroupMapping(Map<String, List<Grant>> grants) {
        this.grants = grants;
    }

    /**
     * What one line gives.
     *
     * @param project empty for the organization
     */
    record Grant(Optional<String> project, OrganizationRole organizationRole, ProjectRole projectRole) {}

    /**
     * Reads lines like {@code llm-admins=organization:owner} and {@code nurses=proj_x:member}.
     *
     * @param faulty hears of each line that cannot be read; such a line gives nobody anything
     */
    public static GroupMapping parse(Iterable<String> lines, Consumer<String> faulty) {
        Map<String, List<Grant>> grants = new HashMap<>();
        for (String line : lines) {
            int equals = line.lastIndexOf('=');
            Optional<Grant> grant = equals < 1 ? Optional.empty() : grant(line.substring(equals + 1));
            if (grant.isPresent()) {
                grants.computeIfAbsent(line.substring(0, equals).strip(), any -> new ArrayList<>())
                        .add(grant.get());
            } else {
                faulty.accept(line);
            }
        }
        return new GroupMapping(grants);
    }

    private static Optional<Grant> grant(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        String where = text.substring(0, colon).strip();
        String role = text.substring(colon + 1).strip().toUpperCase(Locale.ROOT);
        try {
            return Optional.of(
                    where.equals(ORGANIZATION)
                            ? new Grant(Optional.empty(), OrganizationRole.valueOf(role), ProjectRole.VIEWER)
                            : new Grant(Optional.of(where), OrganizationRole.NONE, ProjectRole.valueOf(role)));
        } catch (IllegalArgumentException noSuchRole) {
            return Optional.empty();
        }
    }

    /** The provider's groups that are worth anything. */
    public Set<String> names() {
        return Set.copyOf(grants.keySet());
    }

    List<Grant> grants(String name) {
        return grants.getOrDefault(name, List.of());
    }
}
