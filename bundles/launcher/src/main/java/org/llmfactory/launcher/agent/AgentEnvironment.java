package org.llmfactory.launcher.agent;

import java.util.Map;

/** The environment of an agent's process. What the person has set wins. */
final class AgentEnvironment {
    private static final Map<String, String> DEFAULTS = Map.of();

    private AgentEnvironment() {}

    static Map<String, String> variables() {
        Map<String, String> variables = new java.util.HashMap<>(DEFAULTS);
        variables.keySet().removeAll(System.getenv().keySet());
        return variables;
    }
}
