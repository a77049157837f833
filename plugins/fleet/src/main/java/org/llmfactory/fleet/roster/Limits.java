package org.llmfactory.fleet.roster;

import java.time.Duration;

/**
 * How agents are watched, and how many.
 *
 * @param silence after which an agent is not alive
 * @param forget silence after which it is forgotten
 * @param introduction how long a new agent may take until its first report is complete
 * @param agents how many may report
 * @param reportBytes the largest report
 */
record Limits(Duration silence, Duration forget, Duration introduction, int agents, int reportBytes) {
    private static final Duration INTRODUCTION = Duration.ofSeconds(10);

    static Limits of(Config config) {
        return new Limits(
                Duration.ofMillis(config.silenceMillis()),
                Duration.ofSeconds(config.forgetSeconds()),
                INTRODUCTION,
                config.maximumAgents(),
                config.maximumReportBytes());
    }
}
