package org.llmfactory.deployer.reconcile;

import java.util.Optional;
import java.util.function.Supplier;
import org.llmfactory.api.network.Leadership;
import org.llmfactory.deployer.state.DeploymentStore;

/**
 * In whose name agents are commanded. Where controllers vote, the elected one does; where they do not, the one that was
 * started last on the database. The two count their epochs apart.
 */
public final class Authority {
    private final DeploymentStore store;
    private final Supplier<Optional<Leadership>> leadership;
    private final String identity;
    private boolean voting;
    private long ownEpoch;

    public Authority(DeploymentStore store, Supplier<Optional<Leadership>> leadership) {
        this.store = store;
        this.leadership = leadership;
        this.identity = store.identity();
    }

    /**
     * The right to command.
     *
     * @param deployer these controllers' name for themselves
     * @param epoch since when
     */
    public record Mandate(String deployer, long epoch) {}

    /** The mandate of now; empty when another controller decides. */
    synchronized Optional<Mandate> mandate() {
        Optional<Leadership> elected = leadership.get();
        if (elected.isPresent()) {
            voting = true;
            long epoch = elected.get().epoch();
            return elected.get().isLeader() ? Optional.of(new Mandate(identity + "/elected", epoch)) : Optional.empty();
        }
        if (voting) {
            // The votes are counted by a plugin that is being changed at present.
            return Optional.empty();
        }
        if (ownEpoch == 0) {
            ownEpoch = store.nextEpoch();
        }
        return store.epoch() == ownEpoch ? Optional.of(new Mandate(identity + "/single", ownEpoch)) : Optional.empty();
    }
}
