package org.llmfactory.deployer.description;

/**
 * How a new version is rolled out.
 *
 * @param canary agents that get it first; the others wait until it has proved itself there
 * @param healthSeconds how long it must be well on an agent
 * @param maxUnavailable agents that are changed at the same time
 */
public record Strategy(int canary, int healthSeconds, int maxUnavailable) {
    public static final Strategy DEFAULT = new Strategy(1, 10, 1);
}
