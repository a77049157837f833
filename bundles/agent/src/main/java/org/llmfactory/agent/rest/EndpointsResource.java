package org.llmfactory.agent.rest;

import java.util.List;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.llmfactory.access.Action;
import org.llmfactory.rest.Requires;

/** Which endpoints there are and who may call them; for administrators and auditors. */
@Path("/endpoints")
@Produces(MediaType.APPLICATION_JSON)
public final class EndpointsResource {
    private final EndpointCatalog catalog;

    EndpointsResource(EndpointCatalog catalog) {
        this.catalog = catalog;
    }

    /** All endpoints. */
    public record EndpointList(String object, List<EndpointCatalog.Entry> data) {}

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public EndpointList list() {
        return new EndpointList("list", catalog.entries());
    }
}
