package org.llmfactory.deployer.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.state.Instance;

/** When to try again what could not be done, with growing pauses. Used by one thread. */
final class Retries {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private record Key(String plugin, AgentAddress agent) {
        static Key of(Instance instance) {
            return new Key(instance.plugin(), instance.agent());
        }
    }

    private record Pause(Duration length, Instant end) {}

    private final Map<Key, Pause> pauses = new HashMap<>();

    /** Something was tried in vain. */
    void failed(Instance instance, Instant now) {
        pauses.compute(Key.of(instance), (key, before) -> {
            Duration length = before == null ? FIRST : before.length().multipliedBy(2);
            Duration bounded = length.compareTo(LONGEST) > 0 ? LONGEST : length;
            return new Pause(bounded, now.plus(bounded));
        });
    }

    void succeeded(Instance instance) {
        pauses.remove(Key.of(instance));
    }

    /** Those of the instances that are not to be tried yet. */
    Set<Instance> waiting(Iterable<Instance> instances, Instant now) {
        Set<Instance> waiting = new HashSet<>();
        for (Instance instance : instances) {
            Pause pause = pauses.get(Key.of(instance));
            if (pause != null && now.isBefore(pause.end())) {
                waiting.add(instance);
            }
        }
        return waiting;
    }
}
