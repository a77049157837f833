package org.llmfactory.fleet.rest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llmfactory.api.network.Fleet.Member;

/**
 * The whole subtree at a glance.
 *
 * @param object always {@code network.health}
 * @param status {@code ok}, {@code degraded} when an agent is silent, {@code failing} when a whole region is
 * @param regions the worst first
 */
public record NetworkHealth(String object, String status, int alive, int silent, List<Region> regions) {
    /** Silent agents that are named. */
    private static final int NAMED = 20;

    public NetworkHealth {
        regions = List.copyOf(regions);
    }

    /**
     * A region.
     *
     * @param controllersAlive of those alive, controllers
     * @param silentAgents addresses of silent agents, some of them when there are many
     */
    public record Region(
            String region, String status, int alive, int silent, int controllersAlive, List<String> silentAgents) {
        public Region {
            silentAgents = List.copyOf(silentAgents);
        }

        private static Region of(String name, List<Member> members) {
            int alive = (int) members.stream().filter(Member::alive).count();
            int silent = members.size() - alive;
            return new Region(
                    name,
                    status(alive, silent),
                    alive,
                    silent,
                    (int) members.stream()
                            .filter(member -> member.alive() && member.address().isController())
                            .count(),
                    members.stream()
                            .filter(member -> !member.alive())
                            .map(member -> member.address().toString())
                            .limit(NAMED)
                            .toList());
        }

        private static String status(int alive, int silent) {
            if (silent == 0) {
                return "ok";
            }
            return alive == 0 ? "failing" : "degraded";
        }

        private double silentShare() {
            return (double) silent / Math.max(1, alive + silent);
        }
    }

    static NetworkHealth of(List<Member> members) {
        Map<String, List<Member>> byRegion = new TreeMap<>();
        members.forEach(member -> byRegion.computeIfAbsent(member.report().region(), region -> new ArrayList<>())
                .add(member));
        List<Region> regions = byRegion.entrySet().stream()
                .map(entry -> Region.of(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingDouble(Region::silentShare)
                        .thenComparingInt(Region::silent)
                        .reversed()
                        .thenComparing(Region::region))
                .toList();
        return new NetworkHealth(
                "network.health",
                regions.isEmpty() ? "ok" : worst(regions),
                regions.stream().mapToInt(Region::alive).sum(),
                regions.stream().mapToInt(Region::silent).sum(),
                regions);
    }

    private static String worst(List<Region> worstFirst) {
        return worstFirst.get(0).status();
    }
}
