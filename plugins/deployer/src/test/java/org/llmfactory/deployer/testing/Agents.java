package org.llmfactory.deployer.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.description.Constraints;
import org.llmfactory.deployer.description.PluginSpec;
import org.llmfactory.deployer.plan.AgentView;
import org.llmfactory.deployer.plan.AgentView.Presence;
import org.osgi.framework.VersionRange;

/** Agents and plugins for tests, alike unless something is said. */
public final class Agents {
    public static final String HELLO = "org.acme.hello";

    private Agents() {}

    public static AgentAddress node(int number) {
        return new AgentAddress("shared", "node-" + number);
    }

    public static AgentView view(int number) {
        return view(node(number), Presence.ALIVE, 1000);
    }

    public static AgentView view(AgentAddress address, Presence presence, long freeMib) {
        return new AgentView(address, presence, "lab", Map.of("disk", "fast"), false, Set.of("tiny"), freeMib);
    }

    /** The hello plugin on so many agents; 0 for all. */
    public static PluginSpec hello(int count, Constraints constraints) {
        return new PluginSpec(
                HELLO,
                new VersionRange("0"),
                count == 0 ? OptionalInt.empty() : OptionalInt.of(count),
                Map.of(),
                constraints);
    }

    public static Constraints memory(long mib) {
        return new Constraints(
                Map.of(), Optional.empty(), mib, Optional.empty(), List.of(), Optional.empty(), Set.of());
    }
}
