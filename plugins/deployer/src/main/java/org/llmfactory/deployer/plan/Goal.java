package org.llmfactory.deployer.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.deployer.description.Description;
import org.llmfactory.deployer.description.PluginSpec;
import org.llmfactory.deployer.description.Strategy;
import org.llmfactory.deployer.state.Pin;

/**
 * What is wanted of a deployment.
 *
 * @param deployment its name
 * @param revision the one that holds
 * @param phase how far it is
 * @param strategy how it is rolled out
 * @param targets in the order of the description; none when it is being removed
 */
public record Goal(String deployment, int revision, Phase phase, Strategy strategy, List<Target> targets) {
    /** How far a deployment is. */
    public enum Phase {
        /** A new revision is being rolled out; a failure takes it back. */
        ROLLING,
        /** The revision is known to work; a failure is that of an agent. */
        STEADY,
        /** The revision has failed, and nothing more is done for it. */
        HALTED,
        /** Nothing is wanted any more. */
        REMOVING
    }

    public Goal {
        targets = List.copyOf(targets);
    }

    /** A goal of a description whose plugins have been resolved to jars. */
    public static Goal of(Description description, List<Pin> pins, int revision, Phase phase) {
        Map<String, Pin> byPlugin = new HashMap<>();
        pins.forEach(pin -> byPlugin.put(pin.plugin(), pin));
        List<Target> targets = new ArrayList<>();
        for (PluginSpec spec : phase == Phase.REMOVING ? List.<PluginSpec>of() : description.plugins()) {
            Pin pin = Optional.ofNullable(byPlugin.get(spec.plugin()))
                    .orElseThrow(() -> new IllegalStateException(spec.plugin() + " was not resolved"));
            targets.add(Target.of(spec, pin.version(), pin.digest()));
        }
        return new Goal(description.name(), revision, phase, description.strategy(), targets);
    }

    /** What is wanted of a plugin; empty when nothing is. */
    public Optional<Target> target(String plugin) {
        return targets.stream().filter(target -> target.plugin().equals(plugin)).findFirst();
    }
}
