package org.llmfactory.api.agent;

import java.util.Objects;

/**
 * A plugin on this agent.
 *
 * @param symbolicName its identity
 * @param version of the bundle
 * @param state {@code active}, {@code resolved}, {@code installed} ...
 * @param digest SHA-256 of the jar
 * @param deployed true when it was deployed to the running agent, false when it came with the feature
 */
public record PluginInfo(String symbolicName, String version, String state, String digest, boolean deployed) {
    public PluginInfo {
        Objects.requireNonNull(symbolicName, "symbolicName");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(digest, "digest");
    }
}
