package org.llmfactory.leadership.service;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.Leadership;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The outcome of the election. There before there is an election and after it: whoever finds no leadership takes himself
 * for the only controller, and a controller that has lost its network for a moment must not.
 */
@Component(
        service = {Leadership.class, ElectedLeadership.class},
        immediate = true)
public final class ElectedLeadership implements Leadership {
    private volatile @Nullable Candidacy candidacy;
    private final AtomicLong newest = new AtomicLong();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCandidacy(Candidacy running) {
        candidacy = running;
    }

    void unbindCandidacy(Candidacy ended) {
        if (candidacy == ended) {
            candidacy = null;
        }
    }

    @Override
    public boolean isLeader() {
        return running().filter(Candidacy::isLeader).isPresent();
    }

    @Override
    public long epoch() {
        long known = running().map(running -> running.standing().epoch()).orElse(0L);
        return newest.accumulateAndGet(known, Math::max);
    }

    /** The election this controller takes part in; empty while it belongs to no network or has no database. */
    public Optional<Candidacy> running() {
        return Optional.ofNullable(candidacy);
    }
}
