package org.llmfactory.api.network;

import java.time.Instant;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** That this agent belongs to a network. OSGi service, there from when the agent has joined until it leaves. */
@ProviderType
public interface Membership {
    /** This agent. */
    AgentAddress self();

    /** The network: SHA-256 of its root authority's public key, 64 lower-case hex digits. */
    String network();

    /** The region it is in, which is the name of the controller it joined; a controller without a parent is its own. */
    String region();

    /** The controllers this agent reports to: its own region's first. */
    Set<AgentAddress> controllers();

    /** When this agent's certificate ends, unless it is renewed before. */
    Instant expires();
}
