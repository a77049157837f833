package org.llmfactory.agent.join;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Certificates and messages have times, so that agents of a network need clocks that agree. */
public final class Clocks {
    /** How far they may be apart. */
    public static final Duration TOLERANCE = Duration.ofMinutes(2);

    private Clocks() {}

    /**
     * Checks that two clocks agree.
     *
     * @throws FactoryException {@code INVALID_VALUE}, which says by how much they do not
     */
    public static void requireAgreement(Instant agent, Instant controller) {
        Duration ahead = Duration.between(controller, agent);
        if (ahead.abs().compareTo(TOLERANCE) > 0) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "time",
                    String.format(
                            Locale.ROOT,
                            "This agent's clock is %s %s the controller's (%s here, %s there); at most 2 minutes are"
                                    + " tolerated. Set the clocks by NTP and join again.",
                            words(ahead.abs()),
                            ahead.isNegative() ? "behind" : "ahead of",
                            agent,
                            controller));
        }
    }

    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 7200
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }
}
