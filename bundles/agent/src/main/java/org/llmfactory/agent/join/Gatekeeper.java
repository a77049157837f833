package org.llmfactory.agent.join;

import org.osgi.annotation.versioning.ProviderType;

/** The part of an agent that lets others in. OSGi service of controllers; whoever has none is a node. */
@ProviderType
public interface Gatekeeper {
    /** Whether the network began here: this controller, or one it shares its database with, has the root authority. */
    boolean isFounder();
}
