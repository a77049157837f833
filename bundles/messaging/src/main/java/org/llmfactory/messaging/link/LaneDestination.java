package org.llmfactory.messaging.link;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;

/**
 * What brokers call an agent's end of a lane: {@code live.<tenant>.<name>} and {@code data.<tenant>.<name>} are topics,
 * {@code control.<tenant>.<name>} is a queue. Only its agent reads it. There are no others.
 */
public record LaneDestination(Lane lane, AgentAddress agent) {
    /** What the broker calls it. */
    public String name() {
        return text(lane) + '.' + agent.tenant() + '.' + agent.name();
    }

    /** Whether it is a queue; a topic otherwise. */
    public boolean isQueue() {
        return lane == Lane.CONTROL;
    }

    /** What ids of connections and clients that the agent makes for the lane begin with. */
    public String prefix() {
        return agent.toString() + '/' + text(lane) + '/';
    }

    /** Reads what {@link #name} writes; empty for anything else. */
    public static Optional<LaneDestination> parse(String name) {
        String[] parts = name.split("\\.", 4);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            AgentAddress agent = new AgentAddress(parts[1], parts[2]);
            return Arrays.stream(Lane.values())
                    .filter(lane -> text(lane).equals(parts[0]))
                    .findFirst()
                    .map(lane -> new LaneDestination(lane, agent));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A lane as names have it. */
    public static String text(Lane lane) {
        return lane.name().toLowerCase(Locale.ROOT);
    }
}
