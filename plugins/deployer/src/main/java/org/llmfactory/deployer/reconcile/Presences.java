package org.llmfactory.deployer.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.deployer.plan.AgentView;
import org.llmfactory.deployer.plan.AgentView.Presence;

/**
 * The agents, and which of them can be reached. After a start of this controller all seem silent; it waits longer then
 * before it calls one lost.
 */
public final class Presences {
    private final Fleet fleet;
    private final Clock clock;
    private final Duration grace;
    private final Duration startGrace;
    private final Instant started;

    public Presences(Fleet fleet, Clock clock, Duration grace, Duration startGrace) {
        this.fleet = fleet;
        this.clock = clock;
        this.grace = grace;
        this.startGrace = startGrace;
        this.started = clock.instant();
    }

    /**
     * The agents that report, and those that should.
     *
     * @param expected agents that something is known to run on
     */
    public List<AgentView> agents(Set<AgentAddress> expected) {
        Instant now = clock.instant();
        List<AgentView> agents = new ArrayList<>();
        Set<AgentAddress> missing = new HashSet<>(expected);
        for (Fleet.Member member : fleet.members()) {
            missing.remove(member.address());
            agents.add(AgentView.of(member, presence(member, now)));
        }
        Presence unheard = now.isBefore(started.plus(startGrace)) ? Presence.SILENT : Presence.LOST;
        missing.forEach(address -> agents.add(new AgentView(address, unheard, "", Map.of(), false, Set.of(), 0)));
        return agents;
    }

    private Presence presence(Fleet.Member member, Instant now) {
        if (member.alive()) {
            return Presence.ALIVE;
        }
        return now.isBefore(member.heard().plus(grace)) ? Presence.SILENT : Presence.LOST;
    }

    /** Whether an agent says that it runs exactly this jar; true while it is not heard. */
    public boolean reports(AgentAddress agent, String plugin, String digest) {
        return fleet.member(agent)
                .filter(Fleet.Member::alive)
                .map(member -> member.report().plugins().stream()
                        .anyMatch(running -> running.symbolicName().equals(plugin)
                                && running.digest().equals(digest)
                                && running.state().equals("active")))
                .orElse(true);
    }
}
