package org.llmfactory.policies.limit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Requests at work at once, by project. Counts for this agent alone; safe for use by several threads. */
public final class ConcurrencyLimit {
    private final Map<String, Integer> places = new ConcurrentHashMap<>();

    /** A place among the requests at work. */
    public final class Place {
        private final String project;
        private final AtomicBoolean left = new AtomicBoolean();

        private Place(String project) {
            this.project = project;
        }

        /** Gives the place up; the first call counts. */
        public void leave() {
            if (left.compareAndSet(false, true)) {
                places.computeIfPresent(project, (same, taken) -> taken == 1 ? null : taken - 1);
            }
        }
    }

    /**
     * Takes a place.
     *
     * @throws FactoryException {@code RATE_LIMITED} when all are taken
     */
    public Place enter(String project, int maximum) {
        places.compute(project, (same, taken) -> {
            int now = taken == null ? 0 : taken;
            if (now >= maximum) {
                throw FactoryException.retryLater(
                        ErrorCode.RATE_LIMITED,
                        Duration.ofSeconds(1),
                        "The project has " + maximum + " requests at work, which is all it may have at once. "
                                + "Try again when one has ended.");
            }
            return now + 1;
        });
        return new Place(project);
    }

    /** Requests of a project at work now. */
    public int taken(String project) {
        return places.getOrDefault(project, 0);
    }
}
