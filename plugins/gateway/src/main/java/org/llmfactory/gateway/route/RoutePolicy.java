package org.llmfactory.gateway.route;

import java.util.List;

/**
 * Which of several engines is to answer: the one of least cost. Costs are counted in sequences: each that the engine has
 * already is one, and what else speaks against it is worth so many more.
 */
final class RoutePolicy {
    /** To fetch and load an adapter takes longer than to stand behind that many others. */
    static final int MISSING_ADAPTER = 8;

    /** Of engines that are equally busy, the one in this process. */
    static final int REMOTE = 1;

    /** Each token takes the way between the regions. */
    static final int OTHER_REGION = 4;

    private RoutePolicy() {}

    /**
     * The index of the best candidate.
     *
     * @param candidates at least one
     * @param turn picks among those that are equally good; any number, another one each time
     */
    static int best(List<Candidate> candidates, int turn) {
        int count = candidates.size();
        int start = Math.floorMod(turn, count);
        int best = start;
        for (int step = 1; step < count; step++) {
            int next = (start + step) % count;
            if (cost(candidates.get(next)) < cost(candidates.get(best))) {
                best = next;
            }
        }
        return best;
    }

    static int cost(Candidate candidate) {
        int missing = candidate.adapters() - candidate.resident();
        return candidate.load()
                + missing * MISSING_ADAPTER
                + (candidate.remote() ? REMOTE : 0)
                + (candidate.near() ? 0 : OTHER_REGION);
    }
}
