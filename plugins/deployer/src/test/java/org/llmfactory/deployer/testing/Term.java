package org.llmfactory.deployer.testing;

import org.llmfactory.api.network.Leadership;

/** A controller's term: it leads from the beginning until it is voted out. */
public final class Term implements Leadership {
    private final long epoch;
    private volatile boolean leads = true;

    public Term(long epoch) {
        this.epoch = epoch;
    }

    public Term end() {
        leads = false;
        return this;
    }

    @Override
    public boolean isLeader() {
        return leads;
    }

    @Override
    public long epoch() {
        return epoch;
    }
}
