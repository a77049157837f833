package org.llmfactory.launcher.load;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * What agents that report cost the controller during a while.
 *
 * @param agents how many reported
 * @param perAgentMs processor time of the controller for an agent in a second, without that of an idle controller; milliseconds
 * @param controllerCores processor seconds that the controller took in a second, idle included
 * @param simulationCores the same of the process that the agents are in
 * @param messagesPerAgentS messages that the controller counted of them, signs of life included
 * @param reportsPerAgentS whole reports among those
 */
record ReportCost(
        int agents,
        @JsonProperty("controller_ms_per_agent_s") double perAgentMs,
        @JsonProperty("controller_cores") double controllerCores,
        @JsonProperty("simulation_cores") double simulationCores,
        @JsonProperty("messages_per_agent_s") double messagesPerAgentS,
        @JsonProperty("reports_per_agent_s") double reportsPerAgentS) {
    /**
     * The cost of a window.
     *
     * @param idle the same of a controller that only itself reports to
     */
    static ReportCost of(int agents, Window idle, Window window) {
        return new ReportCost(
                agents,
                Distribution.rounded((window.controllerCores() - idle.controllerCores()) / agents * 1e3),
                Distribution.rounded(window.controllerCores()),
                Distribution.rounded(window.simulationSeconds() / window.seconds()),
                Distribution.rounded((window.messageRate() - idle.messageRate()) / agents),
                Distribution.rounded(window.reports() / window.seconds() / agents));
    }

    /** How much more an agent costs than in another measurement; 1 when it costs the same. */
    double against(ReportCost other) {
        return Distribution.rounded(perAgentMs / other.perAgentMs);
    }

    /** The one of two measurements that took less. */
    ReportCost less(ReportCost other) {
        return other.perAgentMs < perAgentMs ? other : this;
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "%d agents: %.3f ms of the controller's processor for each in a second (%.1f messages, %.1f reports)",
                agents,
                perAgentMs,
                messagesPerAgentS,
                reportsPerAgentS);
    }

    /**
     * What was counted in a while.
     *
     * @param seconds how long it was
     * @param controllerSeconds processor time of the controller
     * @param simulationSeconds processor time of the simulation
     * @param messages that the controller heard
     * @param reports whole reports among those
     */
    record Window(double seconds, double controllerSeconds, double simulationSeconds, double messages, double reports) {
        /** The one of two in which the controller took less. */
        Window less(Window other) {
            return other.controllerCores() < controllerCores() ? other : this;
        }

        double controllerCores() {
            return controllerSeconds / seconds;
        }

        double messageRate() {
            return messages / seconds;
        }
    }
}
