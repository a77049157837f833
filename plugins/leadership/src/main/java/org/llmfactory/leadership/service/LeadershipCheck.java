package org.llmfactory.leadership.service;

import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.leadership.election.Standing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Who leads. That nobody does is a warning: what runs goes on, only changes of the network wait. */
@Component(property = {HealthCheck.NAME + "=Leadership", HealthCheck.TAGS + "=network"})
public final class LeadershipCheck implements HealthCheck {
    private final ElectedLeadership leadership;

    @Activate
    public LeadershipCheck(@Reference ElectedLeadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public Result execute() {
        return leadership
                .running()
                .map(LeadershipCheck::report)
                .orElseGet(() -> new Result(
                        Result.Status.OK, "This controller belongs to no network, or waits for its database"));
    }

    private static Result report(Candidacy candidacy) {
        Standing standing = candidacy.standing();
        if (candidacy.isLeader()) {
            return new Result(Result.Status.OK, "This controller leads in epoch " + standing.epoch());
        }
        Optional<AgentAddress> other = standing.leader().filter(leader -> !leader.equals(candidacy.self()));
        if (other.isPresent()) {
            return new Result(Result.Status.OK, other.get() + " leads in epoch " + standing.epoch());
        }
        String members = candidacy.view().members().stream()
                .map(AgentAddress::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return new Result(
                Result.Status.WARN,
                "No controller leads. More than half of those registered (" + members
                        + ") must reach one another and the database; take out one that is gone for good with"
                        + " DELETE /admin/network/controllers/NAME");
    }
}
