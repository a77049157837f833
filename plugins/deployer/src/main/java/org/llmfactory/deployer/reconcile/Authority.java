package org.llmfactory.deployer.reconcile;

import java.util.Optional;
import org.llmfactory.api.network.Leadership;
import org.llmfactory.deployer.state.DeploymentStore;

/** In whose name agents are commanded: that of the controller that its fellows have elected. */
public final class Authority {
    private final Leadership leadership;
    private final String deployer;

    public Authority(DeploymentStore store, Leadership leadership) {
        this.leadership = leadership;
        this.deployer = store.identity();
    }

    /**
     * The right to command.
     *
     * @param deployer these controllers' name for themselves
     * @param epoch since when
     */
    public record Mandate(String deployer, long epoch) {}

    /** The mandate of now; empty when another controller decides, or nobody. */
    Optional<Mandate> mandate() {
        // In this order: the other way round the epoch could be a successor's.
        long epoch = leadership.epoch();
        return leadership.isLeader() ? Optional.of(new Mandate(deployer, epoch)) : Optional.empty();
    }
}
