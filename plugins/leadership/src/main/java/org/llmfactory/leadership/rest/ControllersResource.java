package org.llmfactory.leadership.rest;

import java.util.List;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.leadership.election.Standing;
import org.llmfactory.leadership.service.Candidacy;
import org.llmfactory.leadership.service.ElectedLeadership;
import org.llmfactory.leadership.service.LeadershipAudit;
import org.llmfactory.leadership.store.ControllerRegister;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** The controllers that vote; for administrators. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ControllersResource {
    private final ElectedLeadership leadership;
    private final LeadershipAudit audit;

    ControllersResource(ElectedLeadership leadership, LeadershipAudit audit) {
        this.leadership = leadership;
        this.audit = audit;
    }

    /**
     * All controllers.
     *
     * @param epoch the newest that this controller knows of
     */
    public record ControllerList(String object, long epoch, List<ControllerObject> data) {}

    /**
     * A controller.
     *
     * @param registered since when it has a vote, in seconds since 1970
     * @param leader whether it leads, as far as this controller knows
     * @param self whether it is the one that answers
     */
    public record ControllerObject(String object, String name, long registered, boolean leader, boolean self) {}

    /** What was taken out. */
    public record Retired(String name, boolean deleted) {}

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public ControllerList list() {
        Candidacy candidacy = candidacy();
        Standing standing = candidacy.standing();
        List<ControllerObject> controllers = candidacy.register().entries().stream()
                .map(entry -> object(entry, candidacy, standing))
                .toList();
        return new ControllerList("list", standing.epoch(), controllers);
    }

    private static ControllerObject object(ControllerRegister.Entry entry, Candidacy candidacy, Standing standing) {
        boolean self = entry.address().equals(candidacy.self());
        boolean leader = self
                ? candidacy.isLeader()
                : standing.leader().filter(entry.address()::equals).isPresent();
        return new ControllerObject(
                "network.controller", entry.address().name(), entry.registered().getEpochSecond(), leader, self);
    }

    /** Takes out a controller that is gone for good. One that still runs votes again once it is started anew. */
    @DELETE
    @Path("/{name}")
    @Requires(Action.OPERATE_PLATFORM)
    public Retired retire(@Context SecurityContext security, @PathParam("name") String name) {
        Candidacy candidacy = candidacy();
        AgentAddress address = address(name);
        candidacy.remove(address, () -> audit.retired(Callers.actor(security), address));
        return new Retired(name, true);
    }

    private static AgentAddress address(String name) {
        try {
            return new AgentAddress(AgentAddress.PLATFORM, name);
        } catch (IllegalArgumentException malformed) {
            throw new FactoryException(ErrorCode.NOT_FOUND, "There is no controller of that name.", malformed);
        }
    }

    private Candidacy candidacy() {
        return leadership
                .running()
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.CONFLICT,
                        "This controller belongs to no network, or waits for its database. 'factory agent token'"
                                + " opens a network."));
    }
}
