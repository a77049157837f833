package org.llmfactory.agent.join;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Meaning;

/**
 * What controllers tell their agents of the network: arguments of {@link #UPDATE}, result of {@link #CURRENT}.
 *
 * @param brokers where brokers are
 * @param controllers whom the agent reports to
 * @param revoked serial numbers of certificates that are not to be believed any more
 */
public record NetworkState(
        @Meaning("the brokers to dial, as URIs; the first that answers is used")
        List<String> brokers,

        @Meaning("addresses of the controllers of the agent's region")
        List<String> controllers,

        @Meaning("serial numbers of revoked certificates that have not ended yet, lower-case hex")
        List<String> revoked) {
    /** The action of every agent that takes it. */
    public static final String UPDATE = "network.update";

    /** The action of controllers that tells it. */
    public static final String CURRENT = "network.current";

    public NetworkState {
        brokers = List.copyOf(brokers);
        controllers = List.copyOf(controllers);
        revoked = List.copyOf(revoked);
    }

    /**
     * That it was taken over.
     *
     * @param taken always true
     */
    public record Taken(
            @Meaning("true: the agent knows it, and keeps it")
            boolean taken) {}

    /**
     * The brokers as URIs.
     *
     * @throws FactoryException {@code INVALID_VALUE} when one is none
     */
    public List<URI> brokerUris() {
        try {
            return brokers.stream().map(URI::create).toList();
        } catch (IllegalArgumentException e) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "A broker's address is malformed.", e);
        }
    }

    /**
     * The controllers as addresses.
     *
     * @throws FactoryException {@code INVALID_VALUE} when one is none
     */
    public Set<AgentAddress> controllerAddresses() {
        try {
            Set<AgentAddress> addresses = new TreeSet<>();
            controllers.forEach(text -> addresses.add(AgentAddress.parse(text)));
            return addresses;
        } catch (IllegalArgumentException e) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "A controller's address is malformed.", e);
        }
    }
}
