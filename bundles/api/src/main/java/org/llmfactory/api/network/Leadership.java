package org.llmfactory.api.network;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Which of a network's controllers decides. At most one leads in an epoch; a controller that cannot reach a majority leads
 * nothing. OSGi service on controllers.
 */
@ProviderType
public interface Leadership {
    /** Whether this controller leads now. True for no longer than a majority has confirmed. */
    boolean isLeader();

    /**
     * The newest epoch this controller knows of, 0 before the first. Whoever commands an agent in the leader's name says
     * it; agents refuse an older one than they have seen. Read it first and ask {@link #isLeader} then: the other way round
     * it could be a successor's.
     */
    long epoch();
}
