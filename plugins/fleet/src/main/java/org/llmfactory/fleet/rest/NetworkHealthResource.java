package org.llmfactory.fleet.rest;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.llmfactory.access.Action;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.rest.Requires;

/** How this controller's regions are. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class NetworkHealthResource {
    private final Fleet fleet;

    NetworkHealthResource(Fleet fleet) {
        this.fleet = fleet;
    }

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public NetworkHealth read() {
        return NetworkHealth.of(fleet.members());
    }
}
