package org.llmfactory.deployer.plan;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Fleet;

/**
 * An agent as far as placing goes.
 *
 * @param address who it is
 * @param presence whether it can be reached
 * @param region where it is
 * @param labels what its operator calls it
 * @param cuda whether it has a graphics processor
 * @param models ids and digests of the models that it serves
 * @param freeMemoryMib memory not in use
 */
public record AgentView(
        AgentAddress address,
        Presence presence,
        String region,
        Map<String, String> labels,
        boolean cuda,
        Set<String> models,
        long freeMemoryMib) {
    /** Whether an agent can be reached. */
    public enum Presence {
        /** It reports. */
        ALIVE,
        /** It has just gone silent: it keeps what it has, and gets nothing new. */
        SILENT,
        /** It has been silent for so long that its work goes elsewhere. */
        LOST
    }

    private static final int MEBIBYTE = 1 << 20;

    public AgentView {
        labels = Map.copyOf(labels);
        models = Set.copyOf(models);
    }

    /** A member of the fleet. */
    public static AgentView of(Fleet.Member member, Presence presence) {
        Set<String> models = new HashSet<>();
        member.report().engines().forEach(engine -> {
            models.add(engine.model());
            models.add(engine.digest());
        });
        return new AgentView(
                member.address(),
                presence,
                member.report().region(),
                member.report().labels(),
                !member.report().hardware().gpus().isEmpty(),
                models,
                member.report().load().memoryFreeBytes() / MEBIBYTE);
    }
}
