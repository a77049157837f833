package org.llmfactory.api.network;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an agent is reached, and whose it is. It is what the agent's certificate says, never what a message says of
 * itself. As text {@code tenant/name}.
 *
 * @param tenant {@link #PLATFORM} for controllers, {@link #SHARED} for nodes that work for everyone, else the id of the
 *     project that the node works for
 * @param name unique in the network; lower-case letters, digits and {@code -}, at most 63, the first no {@code -}
 */
public record AgentAddress(String tenant, String name) implements Comparable<AgentAddress> {
    /** The tenant of controllers. */
    public static final String PLATFORM = "platform";

    /** The tenant of nodes that work for every project. */
    public static final String SHARED = "shared";

    private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /** @throws IllegalArgumentException for a malformed tenant or name */
    public AgentAddress {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(name, "name");
        if (!TENANT.matcher(tenant).matches()) {
            throw new IllegalArgumentException(
                    "'" + tenant + "' is no tenant: lower-case letters, digits, '_' and '-'");
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no agent's name: lower-case letters, digits and '-'");
        }
    }

    /**
     * Reads {@code tenant/name}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static AgentAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' is no agent's address; one looks like shared/node-1");
        }
        return new AgentAddress(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Whether this is a controller. */
    public boolean isController() {
        return tenant.equals(PLATFORM);
    }

    /** The project that a tenant is; empty for those that are everyone's. */
    public static Optional<String> projectOf(String tenant) {
        return tenant.equals(PLATFORM) || tenant.equals(SHARED) ? Optional.empty() : Optional.of(tenant);
    }

    /** Whether this agent works for a project: its own, or every one. */
    public boolean worksFor(String project) {
        return projectOf(tenant).map(project::equals).orElse(true);
    }

    /**
     * Whether anything may pass from this agent to the other: within a tenant, and from and to controllers. The rule of
     * the whole network; brokers apply it to destinations, agents once more to what arrives.
     */
    public boolean mayReach(AgentAddress other) {
        return tenant.equals(other.tenant) || isController() || other.isController();
    }

    @Override
    public int compareTo(AgentAddress other) {
        int order = tenant.compareTo(other.tenant);
        return order != 0 ? order : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return tenant + "/" + name;
    }
}
