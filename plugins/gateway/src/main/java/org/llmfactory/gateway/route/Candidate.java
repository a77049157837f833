package org.llmfactory.gateway.route;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.llmfactory.api.inference.EngineStatus;

/**
 * An engine as far as the choice among several goes.
 *
 * @param adapters adapters that the request needs
 * @param resident of these, in the engine's memory
 * @param load sequences that it runs and queues
 * @param remote whether it runs on another agent
 * @param near whether it is in the region of this one
 */
record Candidate(int adapters, int resident, int load, boolean remote, boolean near) {
    static Candidate of(EngineEntry entry, Collection<String> adapters, String region) {
        EngineStatus status = entry.engine().status();
        return new Candidate(
                adapters.size(),
                resident(adapters, status),
                status.running() + status.waiting(),
                entry.isRemote(),
                entry.region().map(region::equals).orElse(true));
    }

    private static int resident(Collection<String> adapters, EngineStatus status) {
        if (adapters.isEmpty()) {
            return 0;
        }
        Set<String> there = new HashSet<>(status.residentAdapters());
        return (int) adapters.stream().filter(there::contains).count();
    }

    /** Why this one, for whoever operates the platform. */
    String reason() {
        String place = remote ? near ? "remote" : "remote, another region" : "local";
        return (adapters == 0 ? "" : "adapters resident " + resident + "/" + adapters + ", ") + "load " + load + ", "
                + place;
    }
}
