package org.llmfactory.deployer.plan;

import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.description.Constraints;
import org.llmfactory.deployer.description.Constraints.Device;

/** Whether an agent fits a plugin's constraints. */
final class Fit {
    private Fit() {}

    /**
     * Why an agent does not fit.
     *
     * @param free memory that is neither in use nor promised, in MiB; empty when the plugin runs there already
     * @return in words that follow the agent's name; empty when it fits
     */
    static Optional<String> fault(Constraints constraints, AgentView agent, Optional<Long> free) {
        return who(constraints, agent)
                .or(() -> where(constraints, agent))
                .or(() -> what(constraints, agent))
                .or(() -> free.filter(mib -> mib < constraints.freeMemoryMib())
                        .map(mib -> "has " + mib + " MiB of memory to give, of " + constraints.freeMemoryMib()
                                + " that are needed"));
    }

    private static Optional<String> who(Constraints constraints, AgentView agent) {
        AgentAddress address = agent.address();
        if (!constraints.agents().isEmpty()
                && !constraints.agents().contains(address.name())
                && !constraints.agents().contains(address.toString())) {
            return Optional.of("is not named");
        }
        if (address.isController() && constraints.agents().isEmpty()) {
            return Optional.of("is a controller, and those are used only when they are named");
        }
        if (!constraints.tenants().isEmpty() && !constraints.tenants().contains(address.tenant())) {
            return Optional.of("belongs to " + address.tenant());
        }
        return Optional.empty();
    }

    private static Optional<String> where(Constraints constraints, AgentView agent) {
        return constraints
                .region()
                .filter(region -> !region.equals(agent.region()))
                .map(region -> "is in the region " + agent.region());
    }

    private static Optional<String> what(Constraints constraints, AgentView agent) {
        for (Map.Entry<String, String> label : constraints.labels().entrySet()) {
            String found = agent.labels().get(label.getKey());
            if (!label.getValue().equals(found)) {
                return Optional.of(
                        found == null
                                ? "has no label " + label.getKey()
                                : "has the label " + label.getKey() + "=" + found);
            }
        }
        if (constraints.device().filter(device -> device == Device.CUDA).isPresent() && !agent.cuda()) {
            return Optional.of("has no graphics processor");
        }
        return constraints
                .baseModel()
                .filter(model -> !agent.models().contains(model))
                .map(model -> "does not serve " + model);
    }
}
