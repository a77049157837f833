package org.llmfactory.agent.network;

import java.util.Set;
import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;

/** What controllers tell of the network, taken from those of this agent's own region and from nobody else. */
record NetworkNews(NetworkIdentity identity, IdentityKeeper keeper) {
    /**
     * Takes it over.
     *
     * @throws FactoryException {@code PERMISSION_DENIED} from anyone else; {@code INVALID_VALUE} when it is malformed or
     *     would leave this agent without a controller
     */
    void accept(AgentAddress teller, NetworkState state) {
        if (!identity.controllers().contains(teller)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, teller + " is no controller that " + identity.self() + " reports to.");
        }
        Set<AgentAddress> controllers = state.controllerAddresses();
        if (controllers.isEmpty() || !controllers.stream().allMatch(AgentAddress::isController)) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE, "A region has at least one controller, and nobody else among them.");
        }
        identity.trust().revoke(Set.copyOf(state.revoked()));
        if (!controllers.equals(Set.copyOf(identity.controllers()))
                || !state.brokerUris().equals(identity.brokers())) {
            keeper.update(state.brokerUris(), controllers);
        }
    }
}
